package dev.sluice.service;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Holds {@link DurationRange}. */
public class DurationRangeValidator implements ConstraintValidator<DurationRange, Duration> {
  private Duration min = Duration.ZERO;
  private Duration max = Durations.LONGEST;

  /** Created by Bean Validation, once for each use of the annotation. */
  public DurationRangeValidator() {}

  @Override
  public void initialize(DurationRange range) {
    min = Durations.parse(range.min());
    max = Durations.parse(range.max());
  }

  @Override
  public boolean isValid(@Nullable Duration value, ConstraintValidatorContext context) {
    return value == null || (value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
  }
}
