#pragma once
#include <postgresql/libpq-fe.h>
#include <stdlib.h>
#include <string.h>

// Enumerations and the macros of error fields do not import as one would use them: each question is wrapped here.

static inline int bureau_pg_is_connected(const PGconn *connection) {
    return PQstatus(connection) == CONNECTION_OK;
}

static inline int bureau_pg_is_idle(const PGconn *connection) {
    return PQtransactionStatus(connection) == PQTRANS_IDLE;
}

/// Inside a transaction that only a rollback can end.
static inline int bureau_pg_has_failed(const PGconn *connection) {
    return PQtransactionStatus(connection) == PQTRANS_INERROR;
}

/// Whether a statement gave rows or ran without an error.
static inline int bureau_pg_succeeded(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static inline const char *bureau_pg_sql_state(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline const char *bureau_pg_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline const char *bureau_pg_table(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}

static inline const char *bureau_pg_column(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}

static inline const char *bureau_pg_constraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}

/// One machine of a list: a socket's folder, a name of this machine, or an address of its own.
static inline int bureau_pg_is_this_machine(const char *host, size_t length) {
    return length == 0 || *host == '/' || *host == '@'
        || (length == 9 && strncmp(host, "localhost", 9) == 0)
        || (length == 3 && strncmp(host, "::1", 3) == 0)
        || (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") >= length);
}

/// Whether a connection string leads to another machine, and neither it nor the environment says what is to be
/// encrypted. Of one that cannot be read, connecting says what is wrong.
static inline int bureau_pg_leaves_unasked(const char *text) {
    PQconninfoOption *options = PQconninfoParse(text, NULL);
    if (!options) return 0;
    const char *hosts = getenv("PGHOST"), *addresses = getenv("PGHOSTADDR");
    int leaves = 0, is_asked = getenv("PGSSLMODE") != NULL;
    for (PQconninfoOption *option = options; option->keyword; option++) {
        if (!option->val) continue;
        if (strcmp(option->keyword, "sslmode") == 0) is_asked = 1;
        if (strcmp(option->keyword, "host") == 0) hosts = option->val;
        if (strcmp(option->keyword, "hostaddr") == 0) addresses = option->val;
    }
    for (const char *host = addresses ? addresses : hosts; host;) {
        size_t length = strcspn(host, ",");
        if (!bureau_pg_is_this_machine(host, length)) leaves = 1;
        host = host[length] ? host + length + 1 : NULL;
    }
    PQconninfoFree(options);
    return leaves && !is_asked;
}

static inline int bureau_pg_is_encrypted(PGconn *connection) {
    return PQsslInUse(connection);
}
