package dev.sluice.pool.api.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.model.JobPage;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs, the last accepted first.
 *
 * @param jobs without payloads and attempts; there may be fewer than asked for, though there is a
 *     {@code next}
 * @param next the cursor of the next page; absent: this is the last
 */
@Schema(name = "Jobs")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobsAnswer(List<JobAnswer> jobs, @Nullable String next) {
  static JobsAnswer of(JobPage page) {
    return new JobsAnswer(
        page.jobs().stream().map(JobAnswer::of).toList(), Cursor.text(page.next()));
  }
}
