package dev.hearth.agent;

import java.util.List;

/** What to do about the one prepared page. Sealed, so that whoever carries it out covers every step. */
sealed interface PagePlan {
    String BLANK = "about:blank";

    /** Chrome has no page. */
    record Create() implements PagePlan {}

    /** @param surplus pages nobody asked for; closed, so that a client finds exactly one */
    record Keep(String target, List<String> surplus) implements PagePlan {}

    record Page(String target, String url) {}

    /** @param mayClose whether all pages are still ours: nobody's session ever had this browser */
    static PagePlan plan(List<Page> pages, boolean mayClose) {
        if (pages.isEmpty()) {
            return new Create();
        }
        var kept = pages.stream()
                .filter(page -> page.url().equals(BLANK))
                .findFirst()
                .orElse(pages.getFirst());
        var others = pages.stream()
                .map(Page::target)
                .filter(target -> !target.equals(kept.target()))
                .toList();
        return new Keep(kept.target(), mayClose ? others : List.of());
    }
}
