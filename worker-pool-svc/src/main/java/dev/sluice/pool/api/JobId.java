package dev.sluice.pool.api;

import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of jobs and tokens of leases, as text. */
public final class JobId {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
  private static final Pattern LEASE = Pattern.compile("[0-9a-f]{16}");

  private JobId() {}

  /**
   * Reads an id.
   *
   * @throws ProblemException not-found: there can be no job of this id
   */
  public static UUID parse(String id) {
    if (!ID.matcher(id).matches()) {
      throw new ProblemException(ProblemType.NOT_FOUND, "there is no job " + Quoted.of(id));
    }
    return UUID.fromString(id);
  }

  /** The token of a lease. */
  public static String lease(long lease) {
    String digits = Long.toHexString(lease);
    return "0".repeat(16 - digits.length()) + digits;
  }

  /** Reads a token; 0, which is none, when it is not one. */
  public static long lease(String field, String lease, FieldChecks checks) {
    if (!LEASE.matcher(lease).matches()) {
      checks.wrong(field, lease, "must be a lease: 16 hexadecimal digits, as they were given");
      return 0;
    }
    return Long.parseUnsignedLong(lease, 16);
  }
}
