package scheduler_test

import (
	"slices"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/scheduler"
)

// A naive virtual time: a sorted slice.
type model struct {
	now   time.Duration
	tasks []modelTask // by due time, then in the order of scheduling
	log   []ran
}

type ran struct {
	id int
	at time.Duration
}

type modelTask struct {
	due        time.Duration
	id, worker int
}

func (m *model) add(task modelTask) {
	at := sort.Search(len(m.tasks), func(i int) bool { return m.tasks[i].due > task.due })
	m.tasks = slices.Insert(m.tasks, at, task)
}

func (m *model) next(until time.Duration) bool {
	if len(m.tasks) == 0 || m.tasks[0].due > until {
		return false
	}
	task := m.tasks[0]
	m.tasks = m.tasks[1:]
	m.now = task.due
	m.log = append(m.log, ran{task.id, m.now})
	return true
}

// stop removes what matches, and returns which ids that were.
func (m *model) stop(match func(modelTask) bool) map[int]bool {
	stopped := make(map[int]bool)
	m.tasks = slices.DeleteFunc(m.tasks, func(task modelTask) bool {
		if match(task) {
			stopped[task.id] = true
			return true
		}
		return false
	})
	return stopped
}

// Whatever is scheduled, stopped and advanced, in tasks or outside, a Virtual
// does what the model does.
func TestVirtualMatchesModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := scheduler.NewVirtual()
		var m model
		var log []ran
		var stops []func() bool // by task id
		workers := []scheduler.Worker{v.Worker(), v.Worker()}
		stopped := make([]bool, len(workers))

		schedule := func(d time.Duration, worker int) {
			id := len(stops)
			var l lane = v
			if worker >= 0 {
				l = workers[worker]
			}
			task := func() { log = append(log, ran{id, v.Elapsed()}) }
			if d == 0 {
				stops = append(stops, l.Schedule(task))
			} else {
				stops = append(stops, l.After(d, task))
			}
			if worker < 0 || !stopped[worker] {
				m.add(modelTask{due: m.now + max(d, 0), id: id, worker: worker})
			}
		}
		duration := rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(-1, 20).Draw(t, "ms")) * time.Millisecond
		})
		t.Repeat(map[string]func(*rapid.T){
			"schedule": func(t *rapid.T) {
				schedule(duration.Draw(t, "d"), rapid.IntRange(-1, len(workers)-1).Draw(t, "worker"))
			},
			"burst": func(t *rapid.T) { // enough of them to sort the heap
				if len(stops) > 1000 {
					t.Skip("one is enough")
				}
				seed := rapid.IntRange(1, 1000).Draw(t, "seed")
				for i := range 1200 {
					schedule(time.Duration(i*seed%997)*time.Millisecond, i%3-1)
				}
			},
			"stop": func(t *rapid.T) {
				if len(stops) == 0 {
					t.Skip("nothing to stop")
				}
				id := rapid.IntRange(0, len(stops)-1).Draw(t, "id")
				want := m.stop(func(task modelTask) bool { return task.id == id })
				if got := stops[id](); got != want[id] {
					t.Fatalf("stop of task %d = %v, want %v", id, got, want[id])
				}
			},
			"stop many": func(t *rapid.T) { // enough of them to compact
				most := func(task modelTask) bool { return task.id%8 != 0 }
				want := m.stop(most)
				for id := range stops {
					if !most(modelTask{id: id}) {
						continue
					}
					if got := stops[id](); got != want[id] {
						t.Fatalf("stop of task %d = %v, want %v", id, got, want[id])
					}
				}
			},
			"stop worker": func(t *rapid.T) {
				w := rapid.IntRange(0, len(workers)-1).Draw(t, "worker")
				workers[w].Stop()
				stopped[w] = true
				m.stop(func(task modelTask) bool { return task.worker == w })
			},
			"next": func(t *rapid.T) {
				if got, want := v.Next(), m.next(1<<60); got != want {
					t.Fatalf("Next = %v, want %v", got, want)
				}
			},
			"advance": func(t *rapid.T) {
				until := m.now + max(0, duration.Draw(t, "d"))
				for m.next(until) {
				}
				m.now = until
				v.AdvanceTo(v.Now().Add(until - v.Elapsed()))
			},
			"": func(t *rapid.T) {
				if !slices.Equal(log, m.log) {
					t.Fatalf("ran %v\nwant %v", log, m.log)
				}
				log, m.log = log[:0], m.log[:0]
				if v.Elapsed() != m.now || v.Pending() != len(m.tasks) {
					t.Fatalf("at %v with %d pending, want %v and %d", v.Elapsed(), v.Pending(), m.now, len(m.tasks))
				}
			},
		})
	})
}
