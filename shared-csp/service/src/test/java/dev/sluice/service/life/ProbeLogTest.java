package dev.sluice.service.life;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ProbeLogTest {
  private static final String NOT_SERVING = "{\"name\":\"serving\",\"status\":\"DOWN\"}";
  private static final String SHUTDOWN = "{\"name\":\"Graceful Shutdown\",\"status\":\"DOWN\"}";
  private static final String STUCK =
      "{\"name\":\"heartbeats\",\"status\":\"DOWN\",\"data\":{\"limiter-0\":\"STUCK\"}}";
  private static final String GRPC =
      "{\"name\":\"gRPC Server\",\"status\":\"UP\",\"data\":{\"grpc.health.v1.Health\":true}}";

  private final ProbeLog log = new ProbeLog();

  @Test
  void thatAServiceWhichStopsIsNotReadyIsNoNews() {
    assertFalse(log.isLoggable(down(NOT_SERVING)));
    assertFalse(log.isLoggable(down(SHUTDOWN + "," + GRPC + "," + NOT_SERVING)));
  }

  @Test
  void whateverElseIsDownIsLogged() {
    assertTrue(log.isLoggable(down(STUCK)));
    assertTrue(log.isLoggable(down(SHUTDOWN + "," + NOT_SERVING + "," + STUCK)));
    assertTrue(log.isLoggable(down(GRPC.replace("UP", "DOWN"))));
  }

  @Test
  void othersAreLogged() {
    assertTrue(log.isLoggable(new LogRecord(Level.INFO, "started")));
    assertTrue(log.isLoggable(new LogRecord(Level.INFO, null)));
    assertTrue(log.isLoggable(new LogRecord(Level.INFO, "SRHCK01001: without parameters")));
  }

  private static LogRecord down(String checks) {
    var record = new LogRecord(Level.INFO, "SRHCK01001: Reporting health down status: %s");
    record.setParameters(new Object[] {"{\"status\":\"DOWN\",\"checks\":[" + checks + "]}"});
    return record;
  }
}
