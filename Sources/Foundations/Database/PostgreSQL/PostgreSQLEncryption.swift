internal import CPostgreSQL

extension PostgreSQLConnection {
    /// Returns what is asked of a connection that is not said to be encrypted: to another machine it has to be, where
    /// libpq by itself would go on in the clear with a server that does not offer it. Empty leaves it to libpq.
    static func encryption(of server: String) -> String {
        unsafe bureau_pg_leaves_unasked(server) != 0 ? "require" : ""
    }
}
