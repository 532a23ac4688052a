package dev.sluice.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteFileTest {
  @TempDir Path directory;

  @Test
  void whatWasCommittedIsThereAgainAndWhatWasNotIsNot() throws Exception {
    try (SqliteFile file = open()) {
      Notes.add(file, "kept");
      file.commit();
      Notes.add(file, "undone");
      file.rollback();
      Notes.add(file, "kept too");
      file.commit();
      Notes.add(file, "not committed");
    }
    try (SqliteFile file = open()) {
      assertEquals(List.of("kept", "kept too"), Notes.all(file));
    }
  }

  @Test
  void aFailedStatementIsUndoneWithItsTransactionAndTheNextOneWorks() throws Exception {
    try (SqliteFile file = open()) {
      Notes.add(file, "undone");
      assertThrows(
          SQLException.class, () -> file.statement("INSERT INTO note VALUES(NULL)").execute());
      file.rollback();
      assertFalse(file.isBroken());
      Notes.add(file, "kept");
      file.commit();
      assertEquals(List.of("kept"), Notes.all(file));
    }
  }

  @Test
  void anOlderFileIsBroughtToTheNewestVersion() throws Exception {
    try (SqliteFile file = open()) {
      Notes.add(file, "old");
      file.commit();
    }
    var newer =
        new SqliteSchema(
            4711, List.of(Notes.VERSION_1, List.of("ALTER TABLE note ADD COLUMN mood TEXT")));
    try (SqliteFile file = SqliteFile.open(path(), newer)) {
      assertEquals(List.of("old"), Notes.all(file));
      assertFalse(
          file.statement("SELECT mood FROM note WHERE mood IS NOT NULL").executeQuery().next());
    }
    assertEquals(
        path() + " cannot be opened: its schema is version 2, this program knows versions up to 1",
        whyNot());
  }

  @Test
  void aMigrationThatFailsLeavesTheFileAsItWas() throws Exception {
    open().close();
    var wrong =
        new SqliteSchema(
            4711,
            List.of(Notes.VERSION_1, List.of("ALTER TABLE note ADD COLUMN mood", "no SQL at all")));
    assertThrows(SqliteFileException.class, () -> SqliteFile.open(path(), wrong));
    try (SqliteFile file = open()) {
      assertThrows(SQLException.class, () -> file.statement("SELECT mood FROM note"));
    }
  }

  @Test
  void nothingIsCommittedToAFileThatIsNotInItsPlaceAnyMore() throws Exception {
    try (SqliteFile file = open()) {
      Notes.add(file, "kept");
      file.commit();
      Notes.add(file, "lost");
      Files.move(path(), path().resolveSibling("elsewhere"));
      SQLException gone = assertThrows(SQLException.class, file::commit);
      assertEquals(path() + " has been removed or replaced while it is in use", gone.getMessage());
      file.rollback();
      Files.createFile(path()); // another one
      assertThrows(SQLException.class, file::commit);
      Files.move(path().resolveSibling("elsewhere"), path(), StandardCopyOption.REPLACE_EXISTING);
      file.rollback();
      Notes.add(file, "kept too");
      file.commit();
      assertEquals(List.of("kept", "kept too"), Notes.all(file));
    }
  }

  @Test
  void aFileIsForOneOnly() {
    try (SqliteFile file = open()) {
      assertEquals(path(), file.path());
      assertEquals(path() + " cannot be opened: another process has it", whyNot());
    }
  }

  @Test
  void aFileOfAnotherProcessIsRefusedUntilThatHasDied() throws Exception {
    Process other = Holding.start(path());
    try (BufferedReader says = other.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("open", says.readLine());
      assertEquals(path() + " cannot be opened: another process has it", whyNot());
    } finally {
      other.destroyForcibly().onExit().join();
    }
    try (SqliteFile file = open()) {
      assertEquals(List.of("written by the other"), Notes.all(file));
    }
  }

  @Test
  void aDatabaseOfAnotherProgramIsRefused() {
    SqliteFile.open(path(), new SqliteSchema(4712, List.of(Notes.VERSION_1))).close();
    assertEquals(path() + " cannot be opened: it is another program's database", whyNot());
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Files.writeString(path(), "Dear diary, ".repeat(1_000));
    assertEquals(path() + " cannot be opened: it is no SQLite database", whyNot());
  }

  @Test
  void aDamagedFileIsRefused() throws Exception {
    try (SqliteFile file = open()) {
      for (int i = 0; i < 1_000; i++) {
        Notes.add(file, "a note of some length, number " + i);
      }
      file.commit();
    }
    byte[] bytes = Files.readAllBytes(path());
    Arrays.fill(bytes, 4_096, 3 * 4_096, (byte) 7);
    Files.write(path(), bytes);
    String why = whyNot();
    assertTrue(why.startsWith(path() + " cannot be opened: it is damaged ("), why);
    assertEquals(1, why.lines().count());
  }

  @Test
  void aFileThatCannotBeIsRefused() {
    Path nowhere = directory.resolve("no").resolve("file");
    var thrown =
        assertThrows(SqliteFileException.class, () -> SqliteFile.open(nowhere, Notes.SCHEMA));
    assertEquals(nowhere + " cannot be opened: there is no directory for it", thrown.getMessage());
    thrown =
        assertThrows(SqliteFileException.class, () -> SqliteFile.open(directory, Notes.SCHEMA));
    assertEquals(directory + " cannot be opened: it is a directory", thrown.getMessage());
  }

  @Test
  void whatTheDriverTakesForSomethingElseThanAFileIsRefused() {
    for (String name : List.of("", ":memory:", "file:notes.db", path() + "?synchronous=OFF")) {
      var thrown =
          assertThrows(
              SqliteFileException.class, () -> SqliteFile.open(Path.of(name), Notes.SCHEMA), name);
      assertEquals(
          name
              + " cannot be opened: the name of a file must not begin with : or file:, or have a ?",
          thrown.getMessage());
    }
  }

  @Test
  void aCommitIsFlushedToTheDiskAndTheFileIsForOne() throws SQLException {
    try (SqliteFile file = open()) {
      assertEquals("2", pragma(file, "synchronous"), "FULL");
      assertEquals("wal", pragma(file, "journal_mode"));
      assertEquals("exclusive", pragma(file, "locking_mode"));
    }
  }

  private static String pragma(SqliteFile file, String name) throws SQLException {
    try (ResultSet answer = file.statement("PRAGMA " + name).executeQuery()) {
      return answer.getString(1);
    }
  }

  private Path path() {
    return directory.resolve("notes.db");
  }

  private SqliteFile open() {
    return SqliteFile.open(path(), Notes.SCHEMA);
  }

  private String whyNot() {
    return String.valueOf(assertThrows(SqliteFileException.class, this::open).getMessage());
  }

  /** A program that has the file open until it is killed. */
  static final class Holding {
    static Process start(Path path) throws IOException {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path")
                  + java.io.File.pathSeparator
                  + System.getProperty("jdk.module.path", ""),
              Holding.class.getName(),
              path.toString())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    }

    public static void main(String[] arguments) throws Exception {
      try (SqliteFile file = SqliteFile.open(Path.of(arguments[0]), Notes.SCHEMA)) {
        Notes.add(file, "written by the other");
        file.commit();
        System.out.println("open");
        System.in.read();
      }
    }
  }
}
