package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.Slice;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines of one group of workers; each is made when it is first needed. */
final class GroupLines {
  private final String name;
  private final @Nullable Line[] lines;
  private final Consumer<Line> made;

  /** Whether nobody will serve it again. */
  boolean isOutOfService;

  /**
   * @param made learns of each line that is made
   */
  GroupLines(String name, int shards, Consumer<Line> made) {
    this.name = name;
    this.lines = new @Nullable Line[shards];
    this.made = made;
  }

  Line line(int shard) {
    Line line = lines[shard];
    if (line == null) {
      line = new Line(new Slice(name, shard), this);
      lines[shard] = line;
      made.accept(line);
    }
    return line;
  }

  /** Those that have been made. */
  Stream<Line> lines() {
    return Arrays.stream(lines).filter(Objects::nonNull).map(Objects::requireNonNull);
  }
}
