/** The Helm chart, rendered by Helm itself and installed into a real API server. */
@NullMarked
package dev.hearth.chart;

import org.jspecify.annotations.NullMarked;
