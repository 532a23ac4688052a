package dev.sluice.limiter.store;

import dev.sluice.csp.Shards;
import dev.sluice.store.Fingerprint;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the stores in memory have counted, in a file from one run of the service to the next. With
 * it goes the secret that the keys' fingerprints depend on, so only the file's owner may read it.
 *
 * <pre>
 *   "SLUICEL" version | secret: 2 longs | tables | CRC-32C of all before: int
 *   table: counts a cell, int &gt; 0 | entries | 0L 0L 0L;   after the last table: 0
 *   entry: fingerprint: 2 longs | at: long, not 0 | counts: int each
 * </pre>
 *
 * <p>It is written whole beside the old one, which it then replaces: there is never half a file.
 */
public final class SnapshotFile {
  private static final long MAGIC = 0x534C554943454C01L; // SLUICEL, version 1
  private static final int BUFFER = 1 << 20;

  private final Path path;

  /**
   * @param path where it is, or will be
   */
  public SnapshotFile(Path path) {
    this.path = path;
  }

  /**
   * Fills stores that are empty with what is still of use.
   *
   * @param now nanoseconds since 1970-01-01T00:00:00Z
   * @return the secret of the fingerprints; null when there is no file
   * @throws IOException it cannot be read, or is not such a file, or not as it was written
   */
  public Fingerprint.@Nullable Secret read(MemoryLimitStores stores, long now) throws IOException {
    if (!Files.exists(path)) {
      return null;
    }
    checkSum();
    try (var in = open()) {
      if (in.readLong() != MAGIC) {
        throw new IOException("is no snapshot of this version of the limiter");
      }
      var secret = new Fingerprint.Secret(in.readLong(), in.readLong());
      for (int counts = in.readInt(); counts != 0; counts = in.readInt()) {
        if (!MemoryLimitStore.CELL_SIZES.contains(counts)) {
          throw new IOException("has a table of cells that this version does not know");
        }
        readTable(in, counts, stores.all(), now);
      }
      return secret;
    }
  }

  /** Nothing is used of a file that is not whole. */
  private void checkSum() throws IOException {
    long left = Files.size(path) - Integer.BYTES;
    var sum = new CRC32C();
    var buffer = new byte[BUFFER];
    try (var in = open()) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(left, BUFFER));
        if (read < 0) {
          throw new EOFException("ends while it is being read");
        }
        sum.update(buffer, 0, read);
        left -= read;
      }
      if (left < 0 || in.readInt() != (int) sum.getValue()) {
        throw new IOException("is not as it was written, by its checksum");
      }
    }
  }

  private DataInputStream open() throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER));
  }

  private static void readTable(
      DataInputStream in, int counts, List<MemoryLimitStore> stores, long now) throws IOException {
    var cell = new Cell(counts);
    while (true) {
      var print = new Fingerprint(in.readLong(), in.readLong());
      cell.at = in.readLong();
      if (cell.at == 0) {
        return;
      }
      for (int i = 0; i < counts; i++) {
        cell.counts[i] = in.readInt();
      }
      if (cell.at >= now) {
        stores.get(Shards.shardOf(print, stores.size())).restore(print, cell);
      }
    }
  }

  /**
   * Replaces the file by what the stores have counted.
   *
   * @param secret of the fingerprints
   * @param now nanoseconds since 1970-01-01T00:00:00Z
   * @return how many keys there are in it
   * @throws IOException it cannot be written; the file before is as it was
   */
  public long write(MemoryLimitStores stores, Fingerprint.Secret secret, long now)
      throws IOException {
    Path whole = path.toAbsolutePath();
    Path beside = Files.createTempFile(whole.getParent(), whole.getFileName() + ".", ".new");
    try {
      long keys = writeTo(beside, stores, secret, now);
      Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
      return keys;
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static long writeTo(
      Path file, MemoryLimitStores stores, Fingerprint.Secret secret, long now) throws IOException {
    var sum = new CRC32C();
    try (var disk = new FileOutputStream(file.toFile());
        var out =
            new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(disk, BUFFER), sum))) {
      out.writeLong(MAGIC);
      out.writeLong(secret.first());
      out.writeLong(secret.second());
      long keys = 0;
      for (int counts : MemoryLimitStore.CELL_SIZES) {
        keys += writeTable(out, counts, stores.all(), now);
      }
      out.writeInt(0);
      out.writeInt((int) sum.getValue());
      out.flush();
      disk.getFD().sync();
      return keys;
    }
  }

  private static long writeTable(
      DataOutputStream out, int counts, List<MemoryLimitStore> stores, long now)
      throws IOException {
    out.writeInt(counts);
    long keys = 0;
    for (MemoryLimitStore store : stores) {
      keys += writeEntries(out, store.table(counts), now);
    }
    for (int i = 0; i < 3; i++) {
      out.writeLong(0);
    }
    return keys;
  }

  private static long writeEntries(DataOutputStream out, CellTable table, long now)
      throws IOException {
    table.sweepNext(table.segments(), now);
    table.<IOException>forEach((high, low, cell) -> {
      out.writeLong(high);
      out.writeLong(low);
      out.writeLong(cell.at);
      for (int count : cell.counts) {
        out.writeInt(count);
      }
    });
    return table.size();
  }
}
