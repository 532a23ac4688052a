package dev.sluice.limiter.config;

import dev.sluice.limiter.store.MemoryLimitStores;
import dev.sluice.limiter.store.SnapshotFile;
import dev.sluice.store.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Carries what has been counted in memory over a restart: {@code sluice.limiter.snapshot}. */
final class SnapshotKeeper {
  private static final Logger LOG = Logger.getLogger(SnapshotKeeper.class);

  private final Path path;
  private final MemoryLimitStores stores;
  private final SnapshotFile file;

  SnapshotKeeper(Path path, MemoryLimitStores stores) {
    this.path = path;
    this.stores = stores;
    this.file = new SnapshotFile(path);
  }

  /**
   * Fills the stores, before their processes start. A file that cannot be used is put aside: the
   * service starts without it.
   *
   * @return the secret of the fingerprints; a new one if there is no file that can be used
   */
  Fingerprint.Secret read() {
    try {
      Fingerprint.Secret secret = file.read(stores, now());
      if (secret != null) {
        LOG.infof("snapshot %s: %d keys go on where they were", path, stores.size());
        return secret;
      }
    } catch (IOException unusable) {
      LOG.errorf("snapshot %s is not used, all keys begin anew: %s", path, unusable.getMessage());
      putAside();
    }
    return Fingerprint.Secret.random();
  }

  private void putAside() {
    try {
      Files.move(
          path,
          path.resolveSibling(path.getFileName() + ".unusable"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException stays) {
      throw new UncheckedIOException("sluice.limiter.snapshot: cannot be put aside", stays);
    }
  }

  /** Writes down what the stores have counted, when their processes have ended. */
  void write(Fingerprint.Secret secret) {
    try {
      LOG.infof("snapshot %s: %d keys written", path, file.write(stores, secret, now()));
    } catch (IOException failure) {
      LOG.errorf("snapshot %s could not be written: %s", path, failure);
    }
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }
}
