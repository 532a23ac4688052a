package dev.sluice.cspm;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the text of a script comes from; equal sources are read once, however often included. */
sealed interface Source {

  /** A file; what it includes stands relative to it. */
  record OfFile(Path path) implements Source {
    @Override
    public String name() {
      Path name = path.getFileName();
      return name == null ? path.toString() : name.toString();
    }

    @Override
    public String text() throws IOException {
      return Files.readString(path);
    }

    @Override
    public Source include(String file) {
      return new OfFile(path.resolveSibling(file).toAbsolutePath().normalize());
    }
  }

  /** A resource of the class path; what it includes stands relative to it. */
  record OfResource(ClassLoader loader, String path) implements Source {
    @Override
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String text() throws IOException {
      try (var in = loader.getResourceAsStream(path)) {
        if (in == null) {
          throw new FileNotFoundException("no resource " + path + " on the class path");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    @Override
    public Source include(String file) {
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      return new OfResource(loader, Path.of(folder + file).normalize().toString());
    }
  }

  /** A text; it stands nowhere, so it can include nothing. */
  record OfText(String name, String text) implements Source {
    @Override
    public Source include(String file) throws IOException {
      throw new FileNotFoundException(name + " stands in no folder and cannot include " + file);
    }
  }

  String name();

  String text() throws IOException;

  Source include(String file) throws IOException;
}
