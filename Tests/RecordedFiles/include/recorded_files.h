#pragma once

enum { recorded_write, recorded_truncate, recorded_sync };

/// What was done to a file below a file system for SQLite that records it.
typedef struct {
    int what;  // One of those below.
    int is_log;
    long long offset;  // Of a truncation, what is left.
    int count;
    unsigned char *bytes;
} recorded_event;

/// Makes a file system above SQLite's default, under this name.
int recorded_files_register(const char *name);

/// Forgets what was recorded, and that a write is to fail.
void recorded_files_forget(void);

/// Lets the write to a log fail that comes after so many others, with a result code of SQLite's. `some`: half of its
/// bytes get into the file.
void recorded_files_fail(int after, int code, int some);

int recorded_files_count(void);
recorded_event recorded_files_event(int number);
