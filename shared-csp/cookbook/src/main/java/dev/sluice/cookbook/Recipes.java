package dev.sluice.cookbook;

import java.util.List;

/** The table of contents. */
final class Recipes {
  static final List<Recipe> ALL =
      List.of(
          new Recipe(1, "hello", "a rendezvous, and what a buffer of one changes", Hello::run),
          new Recipe(2, "ping-pong", "two processes, two channels, N rounds", PingPong::run),
          new Recipe(
              3, "ticker loop", "the time every 200 ms, until told to stop", TickerLoop::run),
          new Recipe(4, "basic select", "whichever of two sources is first", BasicSelect::run),
          new Recipe(5, "directions", "the compiler holds the data-flow", Directions::run),
          new Recipe(
              6, "range over closed", "a loop ends when the sender closes", RangeOverClosed::run),
          new Recipe(7, "done idiom", "a channel that is closed to say stop", DoneIdiom::run),
          new Recipe(
              8, "bounded buffer", "a producer slows to the consumer's pace", BoundedBuffer::run),
          new Recipe(9, "fan-in", "any number of inputs become one output", FanIn::run),
          new Recipe(10, "fan-out", "several workers share one source", FanOut::run),
          new Recipe(
              11,
              "cancelled pipeline",
              "stages that end in mid-stream, and how quickly",
              CancelledPipeline::run),
          new Recipe(
              12, "worker pool", "a bounded queue, and a close that loses nothing", Pool::run),
          new Recipe(13, "token bucket", "a rate limiter that is a channel", Bucket::run),
          new Recipe(14, "deduplicator", "a value passes once, or again after a while", Dedup::run),
          new Recipe(15, "debouncer", "one event of each burst", Debounce::run),
          new Recipe(16, "supervisor", "who fails or hangs is started again", Supervision::run),
          new Recipe(17, "or-done", "a plain loop, left from outside", OrDone::run),
          new Recipe(
              18, "group", "the first failure cancels the rest, as in errgroup", TaskGroup::run),
          new Recipe(
              19,
              "changing pipeline",
              "stages come and go while values flow",
              ChangingPipeline::run),
          new Recipe(
              20, "channel of channels", "a request carries its answer's channel", Replies::run),
          new Recipe(
              21,
              "throughput",
              "what a value costs, beside the queues of the JDK",
              Throughput::run),
          new Recipe(
              22, "leak detection", "who is left behind by the first answer", LeakDetection::run),
          new Recipe(23, "semaphore", "a crawler with eight requests in flight", Crawler::run),
          new Recipe(
              24,
              "priority select",
              "one input goes first when both are ready",
              PrioritySelect::run),
          new Recipe(
              25, "multiplexing", "a flooder waits, the modest get their share", Multiplexing::run),
          new Recipe(
              26, "soup to structure", "the same service, tangled and in scopes", Untangled::run));

  private Recipes() {}
}
