package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that have keys, each under a number, and how many keys it has. One that has none
 * is forgotten, and its number given to another.
 */
final class Namespaces implements PrintIndex.Entries {
  private static final int NONE = -1;

  private final Fingerprint.Secret secret = Fingerprint.Secret.random();
  private final PrintIndex index = new PrintIndex(this);
  private final Chunks<@Nullable Space[]> spaces = new Chunks<>(() -> new Space[Chunks.LENGTH]);
  private int numbers; // given out; of these some are free
  private final Chunks<int[]> free = new Chunks<>(() -> new int[Chunks.LENGTH]);
  private int frees;
  private @Nullable Space last; // most callers have few namespaces

  private static final class Space {
    final int number;
    final String name;
    final Fingerprint print;
    int keys;

    Space(int number, String name, Fingerprint print) {
      this.number = number;
      this.name = name;
      this.print = print;
    }
  }

  /** How many keys a namespace has. */
  int keys(String name) {
    Space space = find(name);
    return space == null ? 0 : space.keys;
  }

  /** The number of the namespace that gets one key more. */
  int add(String name) {
    Space space = find(name);
    if (space == null) {
      space = open(name);
    }
    space.keys++;
    last = space;
    return space.number;
  }

  /** A namespace has one key less. */
  void remove(int number) {
    Space space = at(number);
    if (--space.keys == 0) {
      index.remove(number);
      spaces.of(number)[Chunks.in(number)] = null;
      free.fit(frees + 1);
      free.of(frees)[Chunks.in(frees)] = number;
      frees++;
      last = null;
    }
  }

  /** Whether the namespace of this number has this name. */
  boolean is(int number, String name) {
    return at(number).name.equals(name);
  }

  @Override
  public long high(int number) {
    return at(number).print.high();
  }

  @Override
  public long low(int number) {
    return at(number).print.low();
  }

  private @Nullable Space find(String name) {
    Space recent = last;
    if (recent != null && recent.name.equals(name)) {
      return recent;
    }
    int number = index.find(print(name), each -> is(each, name));
    return number == NONE ? null : at(number);
  }

  private Space open(String name) {
    int number = frees == 0 ? numbers++ : free.of(--frees)[Chunks.in(frees)];
    spaces.fit(numbers);
    var space = new Space(number, name, print(name));
    spaces.of(number)[Chunks.in(number)] = space;
    index.add(number);
    return space;
  }

  private Fingerprint print(String name) {
    return Fingerprint.of(secret, null, name);
  }

  private Space at(int number) {
    return Objects.requireNonNull(spaces.of(number)[Chunks.in(number)]);
  }
}
