package dev.sluice.bench;

/** Who is measured: runs a shape with its own kind of process and channel. */
interface Contestant {

  /**
   * Starts the processes, moves the values, joins the processes.
   *
   * @return the sum of the values that were received
   */
  long run(Shape shape) throws InterruptedException;

  /**
   * Runs a shape and checks what came through.
   *
   * @throws IllegalStateException values were lost or doubled
   */
  default long runChecked(Shape shape) throws InterruptedException {
    long sum = run(shape);
    if (sum != shape.sum()) {
      throw new IllegalStateException(
          shape + ": the received values sum up to " + sum + ", must be " + shape.sum());
    }
    return sum;
  }

  /** The contestant of that name, as in the benchmarks' parameter. */
  static Contestant named(String name) {
    return switch (name) {
      case "sluice" -> new VirtualThreads<>(new SluiceMedium());
      case "sluice-in-scope" -> new ScopedSluice();
      case "jox" -> new VirtualThreads<>(new JoxMedium());
      case "SynchronousQueue", "ArrayBlockingQueue", "LinkedBlockingQueue" ->
          new VirtualThreads<>(new QueueMedium(name));
      case "kotlin" -> new Coroutines();
      case "LockedQueue" -> new VirtualThreads<>(LockedQueue::new);
      case "ParkFloor" -> new VirtualThreads<>(ParkFloor::new);
      default -> throw new IllegalArgumentException("there is no contestant " + name);
    };
  }
}
