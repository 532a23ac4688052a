package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.Told;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that the router has taken in and that has no outcome; owned by the router. */
final class Entry {

  /** How far its acceptance is. */
  enum Stage {
    /** The log has been asked to keep it. */
    ASKED,
    /** Another router has it answered; here it is only waited for. */
    ELSEWHERE,
    /** It is accepted: to be answered, whatever happens. */
    ACCEPTED,
    /** It has its outcome, or was not accepted after all. */
    OVER
  }

  final Request request;
  final Line line;

  /** Those who want to know; repetitions of the request join them. */
  final List<Caller> callers = new ArrayList<>(1);

  Stage stage = Stage.ASKED;

  /** Where the delivery is whose answer counts; null while it waits for one. */
  @Nullable WorkerLink link;

  /** The number of that delivery. */
  long number;

  /** Whether the log had it from before: its acceptance is an old story. */
  final boolean isRecovered;

  /** Whether all that stood before it are accepted too, so that it may be delivered. */
  boolean hasTurn;

  /** Whether it has been delivered before. */
  boolean wasDelivered;

  /** How many times a worker got stuck or died while running it. */
  int strikes;

  Entry(Request request, Line line, boolean isRecovered) {
    this.request = request;
    this.line = line;
    this.isRecovered = isRecovered;
  }

  int chars() {
    return request.payload().length();
  }

  boolean isAccepted() {
    return stage == Stage.ACCEPTED;
  }

  /** Whether this delivery of it is the one whose answer counts. */
  boolean isWith(WorkerLink deliveredOver, long deliveryNumber) {
    return link == deliveredOver && number == deliveryNumber;
  }

  /** Whether one more may wait for it, when so many may. */
  boolean hasRoom(int maxCallers) {
    if (callers.size() >= maxCallers) {
      callers.removeIf(caller -> caller.reply().isDone());
    }
    return callers.size() < maxCallers;
  }

  void tell(Told told) {
    for (Caller caller : callers) {
      caller.reply().complete(told);
    }
  }
}
