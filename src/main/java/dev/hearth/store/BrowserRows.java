package dev.hearth.store;

import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows of {@code browser} as the operator sees them. */
final class BrowserRows {
    private BrowserRows() {}

    static Browser browser(ResultSet row) throws SQLException {
        return new Browser(
                SessionRows.uuid(row, "id"),
                SessionRows.uuid(row, "pool_id"),
                SessionRows.text(row, "pod_name"),
                row.getString("pod_uid"),
                BrowserState.valueOf(SessionRows.text(row, "state")),
                SessionRows.text(row, "revision"),
                row.getBoolean("outdated"),
                row.getBoolean("healthy"),
                SessionRows.required(row, "created_at"),
                SessionRows.required(row, "changed_at"));
    }
}
