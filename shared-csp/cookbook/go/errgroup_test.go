// Package cookbook holds what the table of recipe 18 says of Go's errgroup, line by line, as TaskGroupTest does for the
// other two; and what a group costs, as GroupCost measures it for them.
package cookbook

import (
	"context"
	"errors"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

var (
	errFirst  = errors.New("first")
	errSecond = errors.New("second")
)

// hang returns when it is cancelled, and only then.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func TestTheFirstFailureCancelsThoseWhoLook(t *testing.T) {
	group, ctx := errgroup.WithContext(context.Background())
	group.Go(func() error { return hang(ctx) })
	group.Go(func() error { return errFirst })
	if err := group.Wait(); err != errFirst {
		t.Fatalf("the waiter gets that error itself, not %v", err)
	}
}

func TestWithoutAContextTheRestGoesOn(t *testing.T) {
	var group errgroup.Group
	failed, finished := make(chan struct{}), false
	group.Go(func() error { close(failed); return errFirst })
	group.Go(func() error { <-failed; finished = true; return nil })
	if err := group.Wait(); err != errFirst || !finished {
		t.Fatalf("finished %v, error %v", finished, err)
	}
}

func TestLaterFailuresAreLost(t *testing.T) {
	group, ctx := errgroup.WithContext(context.Background())
	group.Go(func() error { _ = hang(ctx); return errSecond })
	group.Go(func() error { return errFirst })
	if err := group.Wait(); err != errFirst || errors.Is(err, errSecond) {
		t.Fatalf("%v", err)
	}
}

func TestTheTimeLimitIsTheContexts(t *testing.T) {
	limited, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	group, ctx := errgroup.WithContext(limited)
	group.Go(func() error { return hang(ctx) })
	if err := group.Wait(); err != nil {
		t.Fatalf("nobody has failed, so the waiter is not told, but got %v", err)
	}
	if limited.Err() != context.DeadlineExceeded {
		t.Fatal("the context knows")
	}
}

func TestAnybodyMayStartOneMore(t *testing.T) {
	var group errgroup.Group
	started := false
	group.Go(func() error {
		group.Go(func() error { started = true; return nil })
		return nil
	})
	if err := group.Wait(); err != nil || !started {
		t.Fatalf("started %v, error %v", started, err)
	}
}

func TestWhoForgetsToWaitLeavesThemBehind(t *testing.T) {
	var group errgroup.Group
	left, release := make(chan struct{}), make(chan struct{})
	func() {
		group.Go(func() error { <-release; close(left); return nil })
	}() // nothing here waits for it
	select {
	case <-left:
		t.Fatal("it has ended, though it has not been released")
	default:
	}
	close(release)
	<-left // it went on
}

func TestALimitBoundsHowManyRunAtOnce(t *testing.T) {
	var group errgroup.Group
	group.SetLimit(1)
	release := make(chan struct{})
	group.Go(func() error { <-release; return nil })
	if group.TryGo(func() error { return nil }) {
		t.Fatal("a second one runs")
	}
	close(release)
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

const tasks = 100

// BenchmarkGroup is a group of 100 tasks that return at once: started, and waited for.
func BenchmarkGroup(b *testing.B) {
	start := time.Now()
	for i := 0; i < b.N; i++ {
		group, _ := errgroup.WithContext(context.Background())
		for task := 0; task < tasks; task++ {
			group.Go(func() error { return nil })
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(b.N)/tasks, "ns/task")
}
