package dev.hearth.agent;

import java.util.List;
import java.util.Optional;

/** What to do about the one prepared page. Sealed, so that whoever carries it out covers every step. */
sealed interface PagePlan {
    String BLANK = "about:blank";

    /** Chrome has no page that lives. Comes before any closing: a Chrome whose last page closes may end. */
    record Create() implements PagePlan {}

    /** @param surplus pages nobody asked for; closed, so that a client finds exactly one */
    record Keep(String target, List<String> surplus) implements PagePlan {}

    /** @param crashed its renderer died: it never answers again */
    record Page(String target, String url, boolean crashed) {
        private boolean isBlank() {
            return url.equals(BLANK);
        }
    }

    /** @param mayClose whether all pages are still ours: nobody's session ever had this browser */
    static PagePlan plan(List<Page> pages, boolean mayClose) {
        var alive = pages.stream().filter(page -> !page.crashed()).toList();
        Optional<Page> kept = alive.stream()
                .filter(Page::isBlank)
                .findFirst()
                .or(() -> alive.stream().findFirst());
        return kept.map(page -> keep(page.target(), pages, mayClose)).orElseGet(Create::new);
    }

    private static PagePlan keep(String kept, List<Page> pages, boolean mayClose) {
        var others = pages.stream()
                .map(Page::target)
                .filter(other -> !other.equals(kept))
                .toList();
        return new Keep(kept, mayClose ? others : List.of());
    }
}
