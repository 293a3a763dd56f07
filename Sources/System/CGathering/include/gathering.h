#pragma once

/// Makes a file system for SQLite under a name of its own, above the one called `base`, or above SQLite's default where
/// that is NULL: the log's frames of a commit are written together. Returns a result code of SQLite's. A name that is
/// taken already stays as it is.
int bureau_gathering_register(const char *name, const char *base);

/// Writes a part of a file to the disk and waits for it: what is left to `fdatasync` is little then. 0, or -1 with
/// `errno`. A GNU extension, which headers show only to those who ask for these.
int bureau_sync_part(int descriptor, long long start, long long bytes);
