package marbles_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// limit passes values on, at least gap apart.
func limit[T any](ctx context.Context, in <-chan T, gap time.Duration) <-chan T {
	out := make(chan T)
	go func() {
		defer close(out)
		for v := range in {
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(gap):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// parallel sends f of what it receives, n at a time.
func parallel[A, B any](ctx context.Context, in <-chan A, n int, f func(A) B) <-chan B {
	out := make(chan B)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for v := range in {
				select {
				case out <- f(v):
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() { workers.Wait(); close(out) }()
	return out
}

type strand = <-chan string

func TestStages(t *testing.T) {
	const frame = time.Millisecond
	apart := func(ctx context.Context, in strand) strand { return limit(ctx, in, 3*frame) }
	two := func(ctx context.Context, in strand) strand {
		return parallel(ctx, in, 2, func(s string) string {
			pause(3 * frame)
			return strings.ToUpper(s)
		})
	}
	for name, tt := range map[string]struct {
		stage            func(context.Context, strand) strand
		in, demand, want string
	}{
		"a rate limit":                   {apart, "-abc--------d|", "^               ", "-a--b--c----d--|"},
		"a rate limit, cancelled":        {apart, "-abc--------d|", "^--------!      ", "-a--b--c"},
		"a rate limit, received slowly":  {apart, "-abc--------d|", "^---1---1-------*", "----a---b-------c--d--|"},
		"two workers":                    {two, "-abcd-----|", "^", "----AB-CD-|"},
		"two workers, for three at once": {two, "[abc]-----|", "^", "---[AB]--(C|)"},
		"two workers, cancelled":         {two, "-abcd-----|", "^---!", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			marbles.Run(t, func(m *marbles.Test) {
				src := marbles.Cold[string](m, tt.in, marbles.Buffer)
				marbles.ExpectStage(m, src.Observable, tt.stage).Demand(tt.demand).ToBe(tt.want)
			}, marbles.Live)
		})
	}
}

func TestStageRequestsOneValueAhead(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "abc|")
		same := func(_ context.Context, in strand) strand { return in }
		marbles.ExpectStage(m, src.Observable, same).Demand("^-1--*").ToBe("--a--(bc|)")
		src.ExpectDemand("[^1]-1--(1!)")
	}, marbles.Live)
}

func TestStageReportsWhatGoesWrong(t *testing.T) {
	broken := errors.New("broken")
	same := func(_ context.Context, in strand) strand { return in }
	for name, tt := range map[string]struct {
		src   observable.Observable[string]
		stage func(context.Context, strand) strand
		want  string
		says  string
	}{
		"an error of the source": {observable.Throw[string](broken), same, "|", `out1: the source failed with "broken", which a channel cannot tell the stage`},
		"no channel":             {observable.Of("a"), func(context.Context, strand) strand { return nil }, "|", "out1: ends at 0s with error *observable.PanicError"},
		"an end of its own":      {observable.Of("a"), func(_ context.Context, in strand) strand { return closedChan() }, "|", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
				marbles.ExpectStage(m, tt.src, tt.stage).ToBe(tt.want)
			}), "\n")
			if (got == "") != (tt.says == "") || !strings.Contains(got, tt.says) {
				t.Errorf("reported %q, want %q", got, tt.says)
			}
		})
	}
}

// A stage that lets its source wait is told what to do about it.
func TestStageThatLetsItsSourceWait(t *testing.T) {
	got := strings.Join(marbles.LiveOutcome(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "-abc|")
		marbles.ExpectStage(m, src.Observable, func(_ context.Context, in strand) strand {
			out := make(chan string)
			go func() {
				defer close(out)
				for v := range in {
					rested := make(chan struct{})
					m.Scheduler().After(m.Time("---|"), func() { close(rested) })
					<-rested
					out <- v
				}
			}()
			return out
		}).ToBe("----a--(b|)")
	}), "\n")
	if want := "give that the option marbles.Buffer"; !strings.Contains(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
}

func TestExpectChanOfNoChannel(t *testing.T) {
	got := marbles.LiveOutcome(t, func(m *marbles.Test) { marbles.ExpectChan[string](m, nil) })
	if want := "ExpectChan of a nil channel"; len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("reported %q, want %q", got, want)
	}
}

func closedChan() strand {
	c := make(chan string)
	close(c)
	return c
}
