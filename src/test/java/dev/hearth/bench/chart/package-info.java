/** Pictures of figures, as SVG that a browser shows in light and in dark. Own code: what draws charts in Java asks for fonts. */
@NullMarked
package dev.hearth.bench.chart;

import org.jspecify.annotations.NullMarked;
