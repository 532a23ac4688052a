package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts members of the mesh: in this JVM, or as processes of the machine. */
public interface Launcher {

  /** What kind of member. */
  enum Kind {
    WORKER,
    ROUTER
  }

  /**
   * Starts a member, which joins the supervisor by itself. Does not wait.
   *
   * @param launch tells this start from earlier ones of the name; the member says it when it joins
   * @param ended called once, by any thread, when its process has surely ended: why it did
   */
  Launched launch(Kind kind, String name, long launch, Consumer<String> ended);

  /**
   * Takes over a process that has joined and says that an earlier launcher has started it, so that
   * it can be ended and its end be known. Does not wait.
   *
   * @param pid what it says; to be believed only if that process is surely the one
   * @param ended as for {@link #launch}
   * @return null when it cannot be taken over: then it counts until its heartbeats fail
   */
  default @Nullable Launched adopt(
      Kind kind, String name, long launch, long pid, Consumer<String> ended) {
    return null;
  }

  /** A process, as the supervisor holds it. Nothing here waits. */
  interface Launched {

    /** The process of the machine; null when it has none of its own. */
    @Nullable Long pid();

    /** Asks it to end in good order. */
    void stop();

    /** Ends it at once. */
    void kill();

    /** For demonstrations: stops it from doing anything at all, for that long. */
    void stall(Duration time);
  }
}
