/** Benchmarks beside their baselines: each a program that writes its part of docs/benchmarks.md. Never run as a test. */
package dev.hearth.bench;
