package dev.hearth.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which complaints about comparable products a test shows not to hold here: docs/field-reports.md is written from these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Answers {
    /** As field-reports.tsv refers to them. */
    String[] value();
}
