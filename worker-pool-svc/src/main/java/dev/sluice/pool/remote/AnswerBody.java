package dev.sluice.pool.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.sluice.pool.model.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/** What is kept of the body of an answer. */
final class AnswerBody {
  private static final JsonFactory JSON = new JsonFactory();

  private AnswerBody() {}

  /**
   * Reads a body to its end, or one byte beyond the limit.
   *
   * @return null when it is longer
   */
  static byte @Nullable [] read(@Nullable HttpEntity entity, int limit) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    if (entity.getContentLength() > limit) {
      return null;
    }
    InputStream content = entity.getContent();
    byte[] bytes = content.readNBytes(limit);
    return bytes.length == limit && content.read() >= 0 ? null : bytes;
  }

  /**
   * The body as the job's result: JSON if the answer says that it is and it is, else bytes as they
   * came, also when they are compressed.
   *
   * @return null when it is empty
   */
  static @Nullable Payload payload(HttpMessage answer, byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    boolean json = saysJson(answer) && isJson(bytes);
    return new Payload(json ? Payload.Form.JSON : Payload.Form.BYTES, bytes);
  }

  private static boolean saysJson(HttpMessage answer) {
    Header type = answer.getFirstHeader("Content-Type");
    if (type == null || type.getValue() == null) {
      return false;
    }
    String media = type.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return media.equals("application/json")
        || media.startsWith("application/") && media.endsWith("+json");
  }

  /** One JSON value, in UTF-8, that any parser can read. */
  private static boolean isJson(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(utf8(bytes))) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
