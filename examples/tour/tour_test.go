package main_test

import (
	"errors"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// program is the real one, built once for all tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tour-test-")
	if err != nil {
		log.Fatal(err)
	}
	program = filepath.Join(dir, "tour.exe")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		log.Fatalf("go build: %v", err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

func TestQuick(t *testing.T) {
	out := start(t, "-quick").wait(t, 0)
	check(t, readTable(t, out))
	for _, label := range []string{"request ", "produced ", "delivered ", "dropped "} {
		if n := strings.Count(out, "\n        "+label); n != len(promises) {
			t.Errorf("%d diagrams have a row %q, want %d", n, label, len(promises))
		}
	}
	if !strings.Contains(out, "ended with: sluice: OnBackpressureBuffer") {
		t.Error("the error of strategy fail is not shown")
	}
	for line := range strings.Lines(out) {
		if len(line) > 100 && !strings.Contains(line, "strategies.go:") { // with the path to the source
			t.Errorf("a line has more than 100 columns: %q", line)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

func TestOneStrategy(t *testing.T) {
	out := start(t, "-quick", "-strategy", "latest", "-duration", "300ms").wait(t, 0)
	rows := readTable(t, out)
	if len(rows) != 1 || rows[0].name != "latest" {
		t.Fatalf("the table is not that of latest alone:\n%s", out)
	}
	if rows[0].seconds < 0.3 {
		t.Errorf("it ran for %v s, want 0.3 s", rows[0].seconds)
	}
}

func TestHelp(t *testing.T) {
	p := start(t, "-help")
	p.wait(t, 0)
	for _, want := range []string{"-strategy", "-duration", "-quick", "request, block, buffer, fail, drop, latest, sample, ignore"} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("the help does not mention %s:\n%s", want, p.stderr.String())
		}
	}
}

func TestRefusedFlags(t *testing.T) {
	for _, tt := range []struct{ name, args, want string }{
		{"unknown strategy", "-strategy hope", `there is no -strategy "hope"; choose one of request, block,`},
		{"empty strategy", "-strategy=", `there is no -strategy ""`},
		{"negative duration", "-duration -1s", "-duration is -1s; choose from 100ms to 1m0s"},
		{"long duration", "-duration 1h", "-duration is 1h0m0s"},
		{"no duration", "-duration soon", `invalid value "soon"`},
		{"unknown flag", "-verbose", "not defined: -verbose"},
		{"argument", "latest", `unexpected argument "latest"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, strings.Fields(tt.args)...)
			if out := p.wait(t, 2); out != "" {
				t.Errorf("stdout is %q, want nothing", out)
			}
			if got := p.stderr.String(); !strings.HasPrefix(got, "tour: ") || !strings.Contains(got, tt.want) {
				t.Errorf("stderr is %q, want tour: … %s", got, tt.want)
			}
		})
	}
}

// A tour that nobody can have seen is not a success.
func TestFullDevice(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("there is no device that is always full: %v", err)
	}
	defer full.Close()
	var stderr strings.Builder
	cmd := exec.Command(program, "-quick", "-strategy", "request")
	cmd.Stdout, cmd.Stderr = full, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), "tour: write /dev/stdout: no space left") {
		t.Errorf("%v, stderr %q; want exit code 1 and the reason", err, stderr.String())
	}
}

func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send an interrupt on Windows")
	}
	p := start(t, "-quick", "-strategy", "ignore", "-duration", "1m")
	p.readUntil(t, "1 of 1")
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.wait(t, 130)
	if got := p.stderr.String(); got != "tour: interrupted\n" {
		t.Errorf("stderr is %q", got)
	}
}
