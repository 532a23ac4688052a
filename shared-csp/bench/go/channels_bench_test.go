// Package bench measures Go's channels in the shapes in which the module above measures Java's. Names, numbers of
// values and what one operation is are the same; see the classes of the same names there.
package bench

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

const kinds = 128

// value is the i-th value that a process sends.
func value(i int) int { return i & (kinds - 1) }

// sumOf is the sum of the first n values.
func sumOf(n int) int64 {
	rounds, rest := int64(n/kinds), int64(n%kinds)
	return rounds*kinds*(kinds-1)/2 + rest*(rest-1)/2
}

// crew is the goroutines of one run; each answers the sum of what it received.
type crew struct {
	sum  atomic.Int64
	size int
	done chan struct{}
}

func newCrew() *crew { return &crew{done: make(chan struct{}, 1024)} }

func (c *crew) start(body func() int64) {
	c.size++
	go func() {
		c.sum.Add(body())
		c.done <- struct{}{}
	}()
}

func (c *crew) join() int64 {
	for i := 0; i < c.size; i++ {
		<-c.done
	}
	return c.sum.Load()
}

func send(to chan<- int, n int) int64 {
	for i := 0; i < n; i++ {
		to <- value(i)
	}
	return 0
}

func receive(from <-chan int, n int) int64 {
	var sum int64
	for i := 0; i < n; i++ {
		sum += int64(<-from)
	}
	return sum
}

func pass(from <-chan int, to chan<- int, n int) int64 {
	for i := 0; i < n; i++ {
		to <- <-from
	}
	return 0
}

func flow(capacity, senders, receivers, values int) func() (int64, int64) {
	return func() (int64, int64) {
		c, channel := newCrew(), make(chan int, capacity)
		for i := 0; i < receivers; i++ {
			c.start(func() int64 { return receive(channel, values/receivers) })
		}
		for i := 0; i < senders; i++ {
			c.start(func() int64 { return send(channel, values/senders) })
		}
		return c.join(), int64(senders) * sumOf(values/senders)
	}
}

func pairs(n, each int) func() (int64, int64) {
	return func() (int64, int64) {
		c := newCrew()
		for i := 0; i < n; i++ {
			channel := make(chan int)
			c.start(func() int64 { return receive(channel, each) })
			c.start(func() int64 { return send(channel, each) })
		}
		return c.join(), int64(n) * sumOf(each)
	}
}

func chain(stages, values int) func() (int64, int64) {
	return func() (int64, int64) {
		c, first := newCrew(), make(chan int)
		last := first
		for i := 0; i < stages; i++ {
			in, out := last, make(chan int)
			c.start(func() int64 { return pass(in, out, values) })
			last = out
		}
		c.start(func() int64 { return receive(last, values) })
		c.start(func() int64 { return send(first, values) })
		return c.join(), sumOf(values)
	}
}

func pingPong(rounds int) func() (int64, int64) {
	return func() (int64, int64) {
		c, ping, pong := newCrew(), make(chan int), make(chan int)
		c.start(func() int64 {
			var sum int64
			for i := 0; i < rounds; i++ {
				v := <-ping
				sum += int64(v)
				pong <- v
			}
			return sum
		})
		c.start(func() int64 {
			var sum int64
			for i := 0; i < rounds; i++ {
				ping <- value(i)
				sum += int64(<-pong)
			}
			return sum
		})
		return c.join(), 2 * sumOf(rounds)
	}
}

// selecting has one goroutine select over n channels; with mixed, the first, third, ... case sends.
func selecting(mixed bool, n, values int) func() (int64, int64) {
	return func() (int64, int64) {
		c, each := newCrew(), values/n
		channels := make([]chan int, n)
		for i := range channels {
			channel := make(chan int)
			channels[i] = channel
			if mixed && i%2 == 0 {
				c.start(func() int64 { return receive(channel, each) })
			} else {
				c.start(func() int64 { return send(channel, each) })
			}
		}
		switch {
		case mixed:
			c.start(func() int64 { return selectMixed(channels, values) })
		default:
			c.start(func() int64 { return selectReceive(channels, values) })
		}
		return c.join(), int64(n) * sumOf(each)
	}
}

// The cases are written out: so many are known when the program is written, as in any Go program.
func selectReceive(c []chan int, values int) (sum int64) {
	switch len(c) {
	case 1:
		// The compiler makes a plain receive of a select of one case; so did the author of the program.
		for i := 0; i < values; i++ {
			select {
			case v := <-c[0]:
				sum += int64(v)
			}
		}
	case 2:
		for i := 0; i < values; i++ {
			select {
			case v := <-c[0]:
				sum += int64(v)
			case v := <-c[1]:
				sum += int64(v)
			}
		}
	case 8:
		for i := 0; i < values; i++ {
			select {
			case v := <-c[0]:
				sum += int64(v)
			case v := <-c[1]:
				sum += int64(v)
			case v := <-c[2]:
				sum += int64(v)
			case v := <-c[3]:
				sum += int64(v)
			case v := <-c[4]:
				sum += int64(v)
			case v := <-c[5]:
				sum += int64(v)
			case v := <-c[6]:
				sum += int64(v)
			case v := <-c[7]:
				sum += int64(v)
			}
		}
	}
	return sum
}

func selectMixed(c []chan int, values int) (sum int64) {
	var sent [8]int
	switch len(c) {
	case 1:
		for i := 0; i < values; i++ {
			select {
			case c[0] <- value(sent[0]):
				sent[0]++
			}
		}
	case 2:
		for i := 0; i < values; i++ {
			select {
			case c[0] <- value(sent[0]):
				sent[0]++
			case v := <-c[1]:
				sum += int64(v)
			}
		}
	case 8:
		for i := 0; i < values; i++ {
			select {
			case c[0] <- value(sent[0]):
				sent[0]++
			case v := <-c[1]:
				sum += int64(v)
			case c[2] <- value(sent[2]):
				sent[2]++
			case v := <-c[3]:
				sum += int64(v)
			case c[4] <- value(sent[4]):
				sent[4]++
			case v := <-c[5]:
				sum += int64(v)
			case c[6] <- value(sent[6]):
				sent[6]++
			case v := <-c[7]:
				sum += int64(v)
			}
		}
	}
	return sum
}

// trying is Go's try: a select with a default.
func trying(capacity, times int) func() (int64, int64) {
	return func() (sum int64, want int64) {
		channel := make(chan int, capacity)
		for i := 0; i < times; i++ {
			select {
			case channel <- value(i):
			default:
				panic("a try failed for no reason")
			}
			select {
			case v := <-channel:
				sum += int64(v)
			default:
				panic("a try failed for no reason")
			}
		}
		return sum, sumOf(times)
	}
}

func BenchmarkChannels(b *testing.B) {
	shape(b, "RendezvousBench.oneToOne", 100_000, flow(0, 1, 1, 100_000))
	shape(b, "PingPongBench.pingPong", 50_000, pingPong(50_000))
	shape(b, "PairsBench.pairs", 10_000*20, pairs(10_000, 20))
	shape(b, "ChainBench.chain", 10_000*20, chain(10_000, 20))
	for _, k := range []int{1, 16, 256, 4096} {
		shape(b, fmt.Sprint("BufferedBench.oneToOne:capacity=", k), 200_000, flow(k, 1, 1, 200_000))
	}
	for _, n := range []int{2, 8, 64} {
		const values = 64 * 2_000
		shape(b, fmt.Sprint("FanBench.manyToOne:n=", n), values, flow(16, n, 1, values))
		shape(b, fmt.Sprint("FanBench.oneToMany:n=", n), values, flow(16, 1, n, values))
		shape(b, fmt.Sprint("FanBench.manyToMany:n=", n), values, flow(16, n, n, values))
	}
	for _, n := range []int{8} {
		const values = 64 * 1_000
		shape(b, fmt.Sprint("RendezvousFanBench.manyToOne:n=", n), values, flow(0, n, 1, values))
		shape(b, fmt.Sprint("RendezvousFanBench.oneToMany:n=", n), values, flow(0, 1, n, values))
		shape(b, fmt.Sprint("RendezvousFanBench.manyToMany:n=", n), values, flow(0, n, n, values))
	}
	for _, n := range []int{1, 2, 8} {
		shape(b, fmt.Sprint("SelectBench.receive:channels=", n), 64_000, selecting(false, n, 64_000))
		shape(b, fmt.Sprint("SelectBench.mixed:channels=", n), 64_000, selecting(true, n, 64_000))
	}
	shape(b, "TryBench.trySendTryReceive", 500_000, trying(16, 500_000))
}

// shape measures whole runs, and reports the part of each that falls to one of its operations.
func shape(b *testing.B, name string, operations int, run func() (sum, want int64)) {
	b.Run(name, func(b *testing.B) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		for i := 0; i < b.N; i++ {
			if sum, want := run(); sum != want {
				b.Fatalf("the received values sum up to %d, must be %d", sum, want)
			}
		}
		elapsed := time.Since(began)
		runtime.ReadMemStats(&after)
		all := float64(b.N) * float64(operations)
		b.ReportMetric(float64(elapsed.Nanoseconds())/all, "ns/op")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/all, "heap-B/op") // the tool rounds its own B/op
	})
}
