package dev.sluice.store.sqlite;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite itself, which the driver unpacks into a file to load it. Left to itself the driver keeps
 * that file until the process ends in peace, so that each one that is killed leaves a megabyte
 * behind; looks at all files beside it at each start; and runs {@code uname} to know where it is.
 * Here the file is gone as soon as it is loaded: what is loaded needs no name.
 */
final class SqliteLibrary {
  private static final String TEMPORARY = "org.sqlite.tmpdir";
  private static final String FOLDER = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "x86_64", "x86_64", "x86_64", "aarch64", "aarch64");

  private static boolean loaded;

  private SqliteLibrary() {}

  /**
   * Loads it, once for this process. Whoever says where it is ({@code org.sqlite.lib.path}) is
   * followed.
   *
   * @throws SqliteFileException it cannot be written to the folder for temporary files, or not be
   *     loaded from there
   */
  static synchronized void load() {
    if (loaded || System.getProperty(FOLDER) != null) {
      return;
    }
    @Nullable String temporary = System.getProperty(TEMPORARY);
    Path in = Path.of(temporary == null ? System.getProperty("java.io.tmpdir") : temporary);
    try {
      Path folder = Files.createTempDirectory(in, "sqlite");
      try {
        System.setProperty(TEMPORARY, folder.toString());
        unpack(folder);
        loaded = SQLiteJDBCLoader.initialize();
      } finally {
        System.clearProperty(FOLDER);
        System.clearProperty(NAME);
        restore(temporary);
        delete(folder);
      }
    } catch (Exception cannot) {
      throw new SqliteFileException("SQLite cannot be loaded from " + in + ": " + cannot, cannot);
    }
  }

  /**
   * Puts it where the driver looks first. Elsewhere than on Linux, or where musl is, the driver
   * does it in its own way: musl loads what is made for glibc, and crashes when it is called.
   */
  private static void unpack(Path folder) throws IOException {
    String architecture = ARCHITECTURES.get(System.getProperty("os.arch"));
    if (architecture == null
        || !System.getProperty("os.name").equals("Linux")
        || Files.exists(Path.of("/lib/ld-musl-" + architecture + ".so.1"))) {
      return;
    }
    String name = "libsqlitejdbc.so";
    String resource = "/org/sqlite/native/Linux/" + architecture + "/" + name;
    try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (library != null) {
        Files.copy(library, folder.resolve(name));
        System.setProperty(FOLDER, folder.toString());
        System.setProperty(NAME, name);
      }
    }
  }

  private static void restore(@Nullable String temporary) {
    if (temporary == null) {
      System.clearProperty(TEMPORARY);
    } else {
      System.setProperty(TEMPORARY, temporary);
    }
  }

  /** What cannot be deleted while it is loaded, as on Windows, goes when the process ends. */
  private static void delete(Path folder) {
    folder.toFile().deleteOnExit(); // first, and so after its files
    File[] files = folder.toFile().listFiles();
    for (File file : files == null ? new File[0] : files) {
      if (!file.delete()) {
        file.deleteOnExit();
      }
    }
    folder.toFile().delete();
  }
}
