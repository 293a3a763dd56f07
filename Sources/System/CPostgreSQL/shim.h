#pragma once
#include <postgresql/libpq-fe.h>

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
