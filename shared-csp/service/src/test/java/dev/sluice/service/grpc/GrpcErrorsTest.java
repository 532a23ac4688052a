package dev.sluice.service.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.sluice.service.ConsoleFilter;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.sample.v1.SamplesGrpc;
import dev.sluice.service.sample.v1.TakeRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.logging.LoggingFilter;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over gRPC an error is a status with ErrorInfo, whichever way the method failed. */
@QuarkusTest
class GrpcErrorsTest {
  @GrpcClient("samples")
  SamplesGrpc.SamplesBlockingStub samples;

  @Test
  void goodInputIsAnswered() {
    assertEquals("user:42", samples.take(request("user:42").build()).getKey());
  }

  @ParameterizedTest
  @ValueSource(strings = {"thrown", "stage"})
  void aProblemIsAStatusWithErrorInfo(String failure) throws Exception {
    var status = failure(request("a").setFailure(failure));
    assertEquals(Code.RESOURCE_EXHAUSTED.value(), status.getCode());
    assertEquals("key \"user:42\" has no permit left", status.getMessage());
    var info = detail(status, ErrorInfo.class);
    assertEquals("RATE_LIMITED", info.getReason());
    assertEquals("sluice.dev", info.getDomain());
    assertEquals("/problems/rate-limited", info.getMetadataOrThrow("type"));
    assertEquals("0", info.getMetadataOrThrow("remaining"));
    assertEquals(
        Duration.newBuilder().setSeconds(1).setNanos(1_000_000).build(),
        detail(status, RetryInfo.class).getRetryDelay());
  }

  @Test
  void inputIsCheckedByTheSameRulesAsOverHttp() throws Exception {
    var status = failure(request("").setCount(-1));
    assertEquals(Code.INVALID_ARGUMENT.value(), status.getCode());
    assertEquals(
        "count: -1 is not allowed, must be greater than or equal to 0;"
            + " key: \"\" is not allowed, must be 1 to 256 bytes of UTF-8, but is 0",
        status.getMessage());
    assertEquals("INVALID_INPUT", detail(status, ErrorInfo.class).getReason());
    assertEquals("count", detail(status, BadRequest.class).getFieldViolations(0).getField());
  }

  @Test
  void aStreamFailsInTheSameWay() throws Exception {
    var answers = samples.takeMany(request("").build());
    var status = status(assertThrows(StatusRuntimeException.class, answers::next));
    assertEquals("INVALID_INPUT", detail(status, ErrorInfo.class).getReason());
  }

  @Test
  void aFaultOfTheServiceIsInternalAndTellsNothing() throws Exception {
    var status = failure(request("a").setFailure("unexpected"));
    assertEquals(Code.INTERNAL.value(), status.getCode());
    assertEquals(16, detail(status, ErrorInfo.class).getMetadataOrThrow("id").length());
    assertFalse(status.toString().contains("secret"), status.toString());
    assertFalse(status.toString().contains("Exception"), status.toString());
  }

  @Test
  void aDurationThatIsNoneIsNamed() {
    assertEquals(
        java.time.Duration.ofMillis(-1500), ProtoDurations.of("wait", proto(-1, -500_000_000)));
    assertNoDuration(1, -5);
    assertNoDuration(0, Integer.MAX_VALUE);
    assertNoDuration(Long.MIN_VALUE, 0);
    assertNoDuration(315_576_000_001L, 0);
  }

  private static void assertNoDuration(long seconds, int nanos) {
    var problem =
        assertThrows(
            ProblemException.class, () -> ProtoDurations.of("wait", proto(seconds, nanos)));
    assertEquals(ProblemType.INVALID_INPUT, problem.type());
    var value = "wait: \"" + seconds + "s and " + nanos + "ns\" is not allowed";
    assertTrue(problem.detail().startsWith(value), problem.detail());
  }

  private static Duration proto(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  @Test
  void aMessageThatIsNoProtobufIsNotLogged() {
    assertFalse(new MalformedMessages().isLoggable(failed("Invalid protobuf byte sequence")));
    assertTrue(new MalformedMessages().isLoggable(failed("another")));
    assertTrue(new MalformedMessages().isLoggable(new LogRecord(Level.SEVERE, "without")));
    assertFalse(new ConsoleFilter().isLoggable(failed("Invalid protobuf byte sequence")));
    assertTrue(new ConsoleFilter().isLoggable(failed("another")));
    assertEquals(
        ConsoleFilter.class.getAnnotation(LoggingFilter.class).name(),
        ConfigProvider.getConfig().getValue("quarkus.log.console.filter", String.class));
  }

  /** As gRPC's SerializingExecutor logs it: caught here where it throws it. */
  @Test
  void whatGrpcThrowsForNoProtobufIsWhatTheFilterKnows() {
    var marshaller = SamplesGrpc.getTakeMethod().getRequestMarshaller();
    var broken = new ByteArrayInputStream(new byte[] {0x0a, 0x05, 'a'});
    var thrown = assertThrows(StatusRuntimeException.class, () -> marshaller.parse(broken));
    var logged = new LogRecord(Level.SEVERE, "Exception while executing runnable");
    logged.setThrown(thrown);
    assertFalse(new MalformedMessages().isLoggable(logged));
  }

  private static LogRecord failed(String why) {
    var logged = new LogRecord(Level.SEVERE, "Exception while executing runnable");
    logged.setThrown(io.grpc.Status.INTERNAL.withDescription(why).asRuntimeException());
    return logged;
  }

  private static TakeRequest.Builder request(String key) {
    return TakeRequest.newBuilder().setKey(key);
  }

  private Status failure(TakeRequest.Builder request) {
    return status(assertThrows(StatusRuntimeException.class, () -> samples.take(request.build())));
  }

  private static Status status(StatusRuntimeException e) {
    var status = StatusProto.fromThrowable(e);
    assertNotNull(status);
    return status;
  }

  private static <T extends Message> T detail(Status status, Class<T> type)
      throws InvalidProtocolBufferException {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        return detail.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }
}
