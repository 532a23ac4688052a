package dev.sluice.mesh.process;

import dev.sluice.cspm.Slots;
import dev.sluice.mesh.process.MeshStep.Accept;
import dev.sluice.mesh.process.MeshStep.Answer;
import dev.sluice.mesh.process.MeshStep.Deliver;
import dev.sluice.mesh.process.MeshStep.Drop;
import dev.sluice.mesh.process.MeshStep.Fence;
import dev.sluice.mesh.process.MeshStep.GiveUp;
import dev.sluice.mesh.process.MeshStep.Own;
import dev.sluice.mesh.process.MeshStep.Release;
import dev.sluice.mesh.process.MeshStep.Restart;
import dev.sluice.mesh.process.MeshStep.Run;
import dev.sluice.mesh.process.MeshStep.TakeBack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one slice as events of the model, whose names are few: workers are numbered by name,
 * epochs as they come, and a request has a number from its first event to its last.
 */
final class MeshRecording {
  private static final int EPOCHS = 8;
  private static final int REQUESTS = 8;

  private final Slots<String> requests = new Slots<>(REQUESTS);
  private final Map<String, Integer> workers = new HashMap<>();
  private final Map<Long, Integer> epochs = new HashMap<>();
  private final Map<String, Integer> lastStep = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private @Nullable Own owner;

  private MeshRecording(List<MeshStep> steps) {
    for (int i = 0; i < steps.size(); i++) {
      String id = id(steps.get(i));
      if (id != null) {
        lastStep.put(id, i);
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      MeshStep step = steps.get(i);
      String id = id(step);
      if (id != null && !requests.has(id)) {
        requests.take(id);
      }
      add(step);
      if (id != null && lastStep.get(id) == i) {
        requests.free(id);
      }
    }
  }

  /**
   * Names the steps.
   *
   * @throws IllegalStateException too many requests are under way at once for the model
   */
  static List<String> events(List<MeshStep> steps) {
    return new MeshRecording(withAccepts(steps)).events;
  }

  /**
   * A router that dies between a commit and the news of it does not say that it has accepted; the
   * next one finds the request in the log. So it was accepted before that one started, and, as a
   * line is delivered in its order, before whatever waits behind it.
   */
  private static List<MeshStep> withAccepts(List<MeshStep> steps) {
    var all = new ArrayList<MeshStep>();
    var seen = new HashSet<String>();
    var waiting = new LinkedHashSet<String>(); // accepted, and not delivered since the restart
    var unanswered = new LinkedHashSet<String>();
    int restarted = -1;
    for (MeshStep step : steps) {
      String id = id(step);
      if (id != null && seen.add(id)) {
        unanswered.add(id);
        if (!(step instanceof Accept) && restarted >= 0) {
          int at = Math.min(restarted, firstAccept(all, waiting));
          all.add(at, new Accept("", id));
          restarted++;
        }
      }
      switch (step) {
        case Restart _ -> {
          restarted = all.size();
          waiting.addAll(unanswered);
        }
        case Accept accept -> waiting.add(accept.id());
        case Deliver deliver -> waiting.remove(deliver.id());
        case Answer answer -> unanswered.remove(answer.id());
        case GiveUp up -> unanswered.remove(up.id());
        case Own _, Release _, Fence _, TakeBack _, Run _, Drop _ -> {}
      }
      all.add(step);
    }
    return all;
  }

  private static int firstAccept(List<MeshStep> steps, Set<String> ids) {
    int first = 0;
    while (first < steps.size()
        && !(steps.get(first) instanceof Accept accept && ids.contains(accept.id()))) {
      first++;
    }
    return first;
  }

  private void add(MeshStep step) {
    switch (step) {
      case Accept(String router, String id) -> events.add("accept." + request(id));
      case Own own -> own(own);
      case Release(var worker, long epoch) -> {
        owner = null;
        events.add("release." + at(worker.name(), epoch));
      }
      case Fence(var worker, long epoch) -> {
        owner = null;
        events.add("fence." + at(worker.name(), epoch));
      }
      case Deliver(String router, var worker, long epoch, String id) ->
          events.add("deliver." + at(worker.name(), epoch) + "." + request(id));
      case TakeBack(String router, String id) -> events.add("takeback." + request(id));
      case Run(var worker, long epoch, String id) ->
          events.add("run." + at(worker.name(), epoch) + "." + request(id));
      case Answer(String router, var worker, long epoch, String id) ->
          events.add("answer." + at(worker.name(), epoch) + "." + request(id));
      case Drop(String router, var worker, long epoch, String id) ->
          events.add("drop." + at(worker.name(), epoch) + "." + request(id));
      case GiveUp(String router, String id) -> events.add("giveup." + request(id));
      case Restart(String router) -> events.add("restart");
    }
  }

  /** A supervisor that is new, and has waited, fences those of whom it has not heard by that. */
  private void own(Own own) {
    if (owner != null) {
      events.add("fence." + at(owner.worker().name(), owner.epoch()));
    }
    owner = own;
    epochs.put(own.epoch(), epochs.size() % EPOCHS);
    events.add("own." + at(own.worker().name(), own.epoch()));
  }

  private String at(String worker, long epoch) {
    return workers.computeIfAbsent(worker, _ -> workers.size()) + "." + epochs.get(epoch);
  }

  private int request(String id) {
    return requests.of(id);
  }

  private static @Nullable String id(MeshStep step) {
    return switch (step) {
      case Accept accept -> accept.id();
      case Deliver deliver -> deliver.id();
      case TakeBack back -> back.id();
      case Run run -> run.id();
      case Answer answer -> answer.id();
      case Drop drop -> drop.id();
      case GiveUp up -> up.id();
      case Own _, Release _, Fence _, Restart _ -> null;
    };
  }
}
