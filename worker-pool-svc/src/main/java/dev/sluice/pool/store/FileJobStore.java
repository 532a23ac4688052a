package dev.sluice.pool.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps unfinished jobs in a file: a line of JSON that says what it is, then one line a job.
 *
 * <pre>
 *   {"format":"sluice-pool-spool","version":1,"jobs":2}
 *   {"job":{"id":...},"attemptsMade":1,"attempts":[...],"notBefore":null}
 *   {"job":{"id":...},"attemptsMade":0,"attempts":[],"notBefore":null}
 * </pre>
 *
 * <p>It is written beside its place, forced to the disk and renamed, so at its place there is a
 * whole file or none. Only its owner may read it: jobs carry their callers' secrets.
 */
@RegisterForReflection(
    targets = {
      FileJobStore.Header.class,
      UnfinishedJob.class,
      Job.class,
      Call.class,
      Attempt.class,
    })
public final class FileJobStore implements JobStore {
  private static final Logger LOG = Logger.getLogger(FileJobStore.class);
  private static final String FORMAT = "sluice-pool-spool";
  private static final int VERSION = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // it may be a secret
          .build();

  private final Path file;
  private final Path unfinishedFile;

  /** The first line: what the file is. */
  record Header(String format, int version, int jobs) {}

  /**
   * @param file where; its directory is made when it is not there
   */
  public FileJobStore(Path file) {
    this.file = file.toAbsolutePath();
    this.unfinishedFile = this.file.resolveSibling(this.file.getFileName() + ".tmp");
  }

  /** As the port says; checks too that {@link #save} will find a directory it may write to. */
  @Override
  public List<UnfinishedJob> load() {
    requireWritable();
    if (!Files.exists(file)) {
      return List.of();
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      List<UnfinishedJob> jobs = read(lines);
      LOG.infof("%d unfinished jobs were loaded from %s", jobs.size(), file);
      return jobs;
    } catch (CharacterCodingException e) {
      throw broken("it is not UTF-8", e);
    } catch (IOException e) {
      throw failed("cannot be read", e);
    }
  }

  @Override
  public void save(List<UnfinishedJob> jobs) {
    if (jobs.isEmpty()) {
      clear();
      return;
    }
    try {
      write(jobs);
      Files.move(
          unfinishedFile,
          file,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      forceDirectory();
    } catch (IOException e) {
      throw failed("cannot be written, so " + jobs.size() + " accepted jobs are lost", e);
    }
    LOG.infof("%d unfinished jobs were saved to %s for the next start", jobs.size(), file);
  }

  @Override
  public void clear() {
    try {
      if (Files.deleteIfExists(file)) {
        forceDirectory();
      }
    } catch (IOException e) {
      LOG.warnf(
          "the spool %s cannot be deleted (%s): its jobs are done, but a crash would repeat them",
          file, e);
    }
  }

  private List<UnfinishedJob> read(BufferedReader lines) throws IOException {
    int expected = header(lines.readLine());
    var jobs = new ArrayList<UnfinishedJob>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      jobs.add(parse(line, UnfinishedJob.class, jobs.size() + 2));
    }
    if (jobs.size() != expected) {
      throw broken(
          "its first line says " + expected + " jobs, but " + jobs.size() + " follow", null);
    }
    return jobs;
  }

  private int header(@Nullable String line) {
    if (line == null) {
      throw broken("it is empty", null);
    }
    Header header = parse(line, Header.class, 1);
    if (!FORMAT.equals(header.format) || header.version != VERSION) {
      throw broken(
          "it is "
              + header.format
              + " version "
              + header.version
              + ", must be "
              + FORMAT
              + " version "
              + VERSION,
          null);
    }
    return header.jobs;
  }

  private <T> T parse(String line, Class<T> type, int number) {
    try {
      T value = JSON.readValue(line, type);
      if (value == null) {
        throw broken("line " + number + " is null", null);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw broken("line " + number + ": " + firstLine(e.getOriginalMessage()), e);
    }
  }

  /** Not through a FileChannel: an interrupt would close it in the middle. */
  private void write(List<UnfinishedJob> jobs) throws IOException {
    Files.deleteIfExists(unfinishedFile);
    Files.createFile(unfinishedFile, readableByOwner());
    try (var out = new FileOutputStream(unfinishedFile.toFile());
        Writer lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
      writeLine(lines, new Header(FORMAT, VERSION, jobs.size()));
      for (UnfinishedJob job : jobs) {
        writeLine(lines, job);
      }
      lines.flush();
      out.getFD().sync();
    }
  }

  private static void writeLine(Writer lines, Object value) throws IOException {
    lines.write(JSON.writeValueAsString(value));
    lines.write('\n');
  }

  private void requireWritable() {
    Path directory = directory();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw failed("needs its directory, which cannot be made", e);
    }
    if (!Files.isWritable(directory) || Files.isDirectory(file)) {
      throw new JobStoreException("the spool " + file + " cannot be written there", null);
    }
  }

  /**
   * After this the new name outlasts a crash too. Windows does not open directories; and what an
   * interrupt closes is opened again.
   */
  private void forceDirectory() throws IOException {
    boolean interrupted = false;
    boolean forced = !isPosix();
    while (!forced) {
      try (var directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
        directory.force(true);
        forced = true;
      } catch (ClosedByInterruptException again) {
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Path directory() {
    Path parent = file.getParent();
    if (parent == null) {
      throw new JobStoreException("the spool " + file + " is no file", null);
    }
    return parent;
  }

  private FileAttribute<?>[] readableByOwner() {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private boolean isPosix() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private JobStoreException broken(String what, @Nullable Throwable cause) {
    return new JobStoreException(
        "the spool " + file + " is broken: " + what + "; mend it or move it away", cause);
  }

  private JobStoreException failed(String what, IOException cause) {
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : cause.toString();
    return new JobStoreException("the spool " + file + " " + what + ": " + reason, cause);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
