package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at each step of a mesh whose processes take turns; the first step that breaks it
 * is an {@link AssertionError} in the process that takes it, and is kept.
 */
final class MeshLaws implements MeshTrace {

  /** A step and the slice it is of. */
  record Taken(Slice slice, MeshStep step) {}

  final List<Taken> steps = new ArrayList<>();
  private final Map<Slice, Ownership> slices = new HashMap<>();
  private @Nullable String broken;

  /** Of one slice. */
  private static final class Ownership {
    /** By epoch. */
    final Map<Long, WorkerId> owners = new HashMap<>();

    /** The highest epoch that the supervisor has given. */
    long epoch;

    /** Whether the last owner has handed it over, and nobody has it. */
    boolean isHandedOver;

    /** What the state knows to have been run. */
    Set<String> ran = new HashSet<>();

    /** The delivery that is out, by router and id. */
    final Map<String, Deliver> out = new HashMap<>();
  }

  /** The first law that was broken; null when none was. */
  @Nullable String broken() {
    return broken;
  }

  @Override
  public void step(Slice slice, MeshStep step) {
    steps.add(new Taken(slice, step));
    Ownership its = slices.computeIfAbsent(slice, _ -> new Ownership());
    switch (step) {
      case Own own -> owned(its, own);
      case Release release -> its.isHandedOver = true;
      case Fence fence -> its.ran = new HashSet<>();
      case Run run -> ran(its, run);
      case Deliver deliver -> its.out.put(deliver.router() + " " + deliver.id(), deliver);
      case TakeBack back ->
          check(its.out.remove(back.router() + " " + back.id()) != null, back, "was not delivered");
      case Answer answer -> {
        Deliver out = its.out.remove(answer.router() + " " + answer.id());
        check(
            out != null && out.worker().equals(answer.worker()) && out.epoch() == answer.epoch(),
            answer,
            "is the answer to a delivery that does not count: " + out);
      }
      case GiveUp up -> its.out.remove(up.router() + " " + up.id());
      case Restart(String router) -> its.out.keySet().removeIf(key -> key.startsWith(router + " "));
      case Accept _, Drop _ -> {}
    }
  }

  private void owned(Ownership its, Own own) {
    check(own.epoch() > its.epoch, own, "is not above the last epoch, " + its.epoch);
    if (!its.isHandedOver) {
      its.ran = new HashSet<>();
    }
    its.isHandedOver = false;
    its.epoch = own.epoch();
    its.owners.put(own.epoch(), own.worker());
  }

  private void ran(Ownership its, Run run) {
    check(
        run.worker().equals(its.owners.get(run.epoch())),
        run,
        "is not by the owner, " + its.owners.get(run.epoch()));
    check(run.epoch() == its.epoch, run, "runs while the slice is another's, in " + its.epoch);
    check(!its.isHandedOver, run, "runs after the slice was handed over");
    check(its.ran.add(run.id()), run, "has been run already, as far as the state knows");
  }

  private void check(boolean holds, MeshStep step, String what) {
    if (!holds) {
      fail(step + " " + what);
    }
  }

  /** A law of somebody else's is broken. */
  void fail(String what) {
    if (broken == null) {
      broken = what + ", at step " + steps.size();
    }
    throw new AssertionError(what);
  }
}
