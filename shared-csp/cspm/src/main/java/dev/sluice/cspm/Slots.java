package dev.sluice.cspm;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Names the many things of a run by the few names of a model: a thing takes a name at its first
 * event and gives it back at its last, when another may have it. That is sound where the model
 * treats all its names alike and forgets one that is given back.
 *
 * @param <T> a thing, by {@code equals}
 */
public final class Slots<T> {
  private final int count;
  private final BitSet taken = new BitSet();
  private final Map<T, Integer> slots = new HashMap<>();

  /**
   * All free.
   *
   * @param count how many names the model has; they are 0 to {@code count - 1}
   */
  public Slots(int count) {
    this.count = count;
  }

  /**
   * Gives the thing the smallest free name.
   *
   * @param thing has none yet
   * @return its name
   * @throws IllegalStateException it has one, or none is free: the run holds more things at once
   *     than the model has names
   */
  public int take(T thing) {
    int slot = taken.nextClearBit(0);
    if (slot >= count) {
      throw new IllegalStateException("no slot of " + count + " is free for " + thing);
    }
    if (slots.putIfAbsent(thing, slot) != null) {
      throw new IllegalStateException(thing + " has a slot: " + slots.get(thing));
    }
    taken.set(slot);
    return slot;
  }

  /**
   * Whether a thing has a name.
   *
   * @param thing any
   * @return whether it has taken one and not given it back
   */
  public boolean has(T thing) {
    return slots.containsKey(thing);
  }

  /** {@return whether any name is free} */
  public boolean hasFree() {
    return slots.size() < count;
  }

  /**
   * The name of a thing.
   *
   * @param thing has one
   * @return its name
   * @throws IllegalStateException it has none
   */
  public int of(T thing) {
    Integer slot = slots.get(thing);
    if (slot == null) {
      throw new IllegalStateException(thing + " has no slot");
    }
    return slot;
  }

  /**
   * Takes the name back, which is free from now on.
   *
   * @param thing has one
   * @return the name that it had
   * @throws IllegalStateException it has none
   */
  public int free(T thing) {
    int slot = of(thing);
    slots.remove(thing);
    taken.clear(slot);
    return slot;
  }
}
