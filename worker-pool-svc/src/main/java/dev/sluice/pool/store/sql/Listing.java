package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Attempt;
import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobPage;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.NewJob.Priority;
import dev.sluice.pool.model.Payload;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows jobs. */
final class Listing {
  /** How many are looked at for a page when no index finds them. */
  private static final int LOOK = 1_000;

  private static final String FROM = " FROM job JOIN content ON content.seq = job.seq WHERE ";

  private static final String FIND =
      "SELECT " + JobTable.COLUMNS + ", " + ContentTable.WHOLE + FROM + "job.id = ?";

  private static final String LIST =
      "SELECT " + JobTable.COLUMNS + ", " + ContentTable.COLUMNS + FROM + "job.seq = ?";

  private static final Comparator<Place> LAST_FIRST =
      Comparator.comparingLong(Place::seq).reversed();

  private final Sql sql;
  private final ContentTable contents;

  /** Where a job is. */
  record Place(long seq, JobState state, @Nullable String group) {}

  /** A job without what there may be many of. */
  private record Head(JobRow row, ContentTable.Content content) {}

  Listing(Sql sql, ContentTable contents) {
    this.sql = sql;
    this.contents = contents;
  }

  Optional<JobView> find(UUID id) {
    Head head = sql.first(FIND, Listing::whole, id);
    return head == null ? Optional.empty() : Optional.of(whole(head));
  }

  JobPage list(JobFilter filter, @Nullable Long from, int limit) {
    int look = isExact(filter) ? limit + 1 : Math.max(LOOK, limit + 1);
    List<Place> places = places(filter, from == null ? Long.MAX_VALUE : from, look);
    var page = new ArrayList<JobView>();
    for (Place place : places) {
      if (page.size() == limit) {
        return new JobPage(page, place.seq() + 1);
      }
      if (matches(filter, place)) {
        Head head = sql.first(LIST, Listing::head, place.seq());
        if (head != null) {
          page.add(view(head, List.of(), null, null));
        }
      }
    }
    return new JobPage(page, places.size() == look ? (Long) places.getLast().seq() : null);
  }

  /** Whether all places that are found are of the list. */
  private static boolean isExact(JobFilter filter) {
    return filter.group() == null && (filter.queue() != null || filter.states().isEmpty());
  }

  private static boolean matches(JobFilter filter, Place place) {
    return (filter.states().isEmpty() || filter.states().contains(place.state()))
        && (filter.group() == null || filter.group().equals(place.group()));
  }

  private List<Place> places(JobFilter filter, long before, int max) {
    String queue = filter.queue();
    if (queue == null) {
      return sql.all(
          "SELECT seq, state, grp FROM job WHERE seq < ? ORDER BY seq DESC LIMIT ?",
          Listing::place,
          before,
          max);
    }
    Collection<JobState> states =
        filter.states().isEmpty() ? Arrays.asList(JobState.values()) : filter.states();
    var places = new ArrayList<Place>();
    for (JobState state : states) {
      for (Priority priority : Priority.values()) { // each in the order of the index
        places.addAll(
            sql.all(
                "SELECT seq, state, grp FROM job WHERE queue = ? AND state = ? AND priority = ?"
                    + " AND seq < ? ORDER BY seq DESC LIMIT ?",
                Listing::place,
                queue,
                state.code(),
                priority.ordinal(),
                before,
                max));
      }
    }
    places.sort(LAST_FIRST);
    return places.subList(0, Math.min(max, places.size()));
  }

  private static Place place(Sql.Row row) throws SQLException {
    return new Place(row.number(1), JobState.of((int) row.number(2)), row.optionalText(3));
  }

  /** Of a list, without the payload. */
  private static Head head(Sql.Row row) throws SQLException {
    int at = JobTable.WIDTH + 1;
    return new Head(
        JobTable.read(row),
        new ContentTable.Content(
            ContentTable.terms(row, at), ContentTable.call(row, at + 6), Payload.NONE));
  }

  /** In one statement: where others write too, the job may be forgotten before the next. */
  private static Head whole(Sql.Row row) throws SQLException {
    return new Head(JobTable.read(row), ContentTable.content(row, JobTable.WIDTH + 1));
  }

  private JobView whole(Head head) {
    long seq = head.row().seq;
    return view(
        head,
        contents.attempts(seq),
        contents.output(seq, ContentTable.Output.PROGRESS),
        contents.output(seq, ContentTable.Output.RESULT));
  }

  private static JobView view(
      Head head, List<Attempt> attempts, @Nullable Payload progress, @Nullable Payload result) {
    JobRow row = head.row();
    return new JobView(
        row.id,
        row.queue,
        row.state,
        row.priority,
        row.group,
        head.content().call(),
        head.content().payload(),
        head.content().terms(),
        Math.toIntExact(row.made()),
        attempts,
        Millis.instant(row.startedAt),
        row.state == JobState.RUNNING ? Millis.instant(row.due) : null,
        progress,
        result,
        Instant.ofEpochMilli(row.acceptedAt),
        Millis.instant(row.beginAt),
        Millis.instant(row.deadline),
        Millis.instant(row.finishedAt),
        row.error);
  }
}
