package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Outcomes that the engine has not taken and that are tried again. While it is away nothing is
 * accepted, so there are no more of them than requests were in flight; and not more than there is
 * room for. One that finds no room is forgotten: its request is run once more when the router has
 * been started again, or answered by the owner that remembers it.
 *
 * @param <F> what is to be done again
 */
public final class Unwritten<F> {
  private static final Logger LOG = Logger.getLogger(Unwritten.class);
  private static final int MOST = 100_000;
  private static final long MOST_CHARS = 64L << 20;

  private List<F> all = new ArrayList<>();
  private long chars;
  private boolean told;

  /** Keeps one. */
  public void add(F finish, Outcome outcome) {
    int length = OutcomeRow.of(outcome).text().length();
    if (all.size() == MOST || chars + length > MOST_CHARS) {
      if (!told) {
        told = true;
        LOG.warn("there is no room for outcomes that cannot be written; requests may run again");
      }
      return;
    }
    all.add(finish);
    chars += length;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Takes them, in the order in which they came. */
  public List<F> takeAll() {
    List<F> taken = all;
    all = new ArrayList<>();
    chars = 0;
    told = false;
    return taken;
  }
}
