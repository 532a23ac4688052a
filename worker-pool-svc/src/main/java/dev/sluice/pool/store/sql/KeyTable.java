package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.NewJob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys. One stands for its job until its window is over, also when the job is not kept
 * any more.
 */
final class KeyTable {
  private static final int HASH_BYTES = 16;

  private final Sql sql;

  /**
   * What a key stands for.
   *
   * @param hash of the content with which it was submitted
   * @param last how far the job had come when it was deleted; null: it is there
   */
  record Known(UUID id, byte[] hash, @Nullable JobState last) {}

  KeyTable(Sql sql) {
    this.sql = sql;
  }

  @Nullable Known find(String queue, String key, long now) {
    return sql.first(
        "SELECT id, hash, state FROM idempotency WHERE queue = ? AND name = ? AND expires > ?",
        row -> {
          Long state = row.optional(3);
          return new Known(
              row.id(1), row.bytes(2), state == null ? null : JobState.of(state.intValue()));
        },
        queue,
        key,
        now);
  }

  void put(String queue, String key, UUID id, byte[] hash, long expires) {
    sql.later(
        "INSERT INTO idempotency(queue, name, id, hash, expires) VALUES(?, ?, ?, ?, ?)"
            + " ON CONFLICT(queue, name) DO UPDATE SET id = excluded.id, hash = excluded.hash,"
            + " state = NULL, expires = excluded.expires",
        queue,
        key,
        id,
        hash,
        expires);
  }

  /** The job is deleted. */
  void outlive(UUID id, JobState last) {
    sql.later("UPDATE idempotency SET state = ? WHERE id = ?", last.code(), id);
  }

  /**
   * Deletes some whose window is over, and says how many. Where others write too, one may be given
   * anew between the two looks at it; so both look whether it is over.
   */
  int sweep(long now, int max) {
    return sql.update(
        "DELETE FROM idempotency WHERE expires <= ? AND (queue, name) IN"
            + " (SELECT queue, name FROM idempotency WHERE expires <= ? ORDER BY expires LIMIT ?)",
        now,
        now,
        max);
  }

  /** The hash of what a job is to do: its payload and its call. */
  static byte[] hash(NewJob job) {
    MessageDigest digest = sha256();
    String call = CallJson.text(job.call());
    byte[] bytes = call == null ? new byte[0] : call.getBytes(StandardCharsets.UTF_8);
    digest.update(
        ByteBuffer.allocate(5)
            .put((byte) job.payload().form().ordinal())
            .putInt(bytes.length)
            .flip());
    digest.update(bytes);
    digest.update(job.payload().bytes());
    return Arrays.copyOf(digest.digest(), HASH_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException never) { // every JDK has it
      throw new IllegalStateException(never);
    }
  }
}
