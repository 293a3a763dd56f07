#pragma once
#include <elf.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// A GNU extension, which the headers show only to those who ask for these: the beginning of `struct dl_phdr_info`, and
// `dl_iterate_phdr`, under names of our own, since a header that shows them may be there.
struct bureau_object
{
    Elf64_Addr address;
    const char *name;
    const Elf64_Phdr *segments;
    Elf64_Half count;
};
extern int bureau_each_object(int (*)(struct bureau_object *, size_t, void *), void *) __asm__("dl_iterate_phdr");

static inline int bureau_drop_segments_of(struct bureau_object *object, size_t size, void *context)
{
    (void)size, (void)context;
    // The program itself has an empty name; the kernel's object has no file.
    if (object->name[0] != '\0' && object->name[0] != '/') return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->count; index++) {
        const Elf64_Phdr *segment = &object->segments[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        // Only whole pages: a neighbour may have written to the others.
        uintptr_t start = (object->address + segment->p_vaddr + page - 1) / page * page;
        uintptr_t end = (object->address + segment->p_vaddr + segment->p_memsz) / page * page;
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

/// Gives back the pages of code and constants, which are read again from the file where they are used again. By the
/// segments, not by what is mapped read-only now: the linker has written to some of that (RELRO), and it would be lost.
static inline void bureau_drop_segments(void) { bureau_each_object(bureau_drop_segments_of, NULL); }

struct bureau_hex
{
    char *text;
    int capacity, length;
};

static inline int bureau_find_build_id(struct bureau_object *object, size_t size, void *context)
{
    (void)size;
    struct bureau_hex *hex = (struct bureau_hex *)context;
    for (int index = 0; index < object->count; index++) {
        const Elf64_Phdr *segment = &object->segments[index];
        if (segment->p_type != PT_NOTE) continue;
        size_t unit = segment->p_align > 4 ? segment->p_align : 4;
        const char *note = (const char *)(object->address + segment->p_vaddr), *end = note + segment->p_memsz;
        while ((size_t)(end - note) >= sizeof(Elf64_Nhdr)) {
            const Elf64_Nhdr *head = (const Elf64_Nhdr *)note;
            const char *name = note + sizeof *head;
            const char *content = name + (head->n_namesz + unit - 1) / unit * unit;
            note = content + (head->n_descsz + unit - 1) / unit * unit;
            if (note > end) break;
            if (head->n_type != NT_GNU_BUILD_ID || head->n_namesz != 4 || memcmp(name, "GNU", 4) != 0) continue;
            for (size_t byte = 0; byte < head->n_descsz && hex->length + 2 <= hex->capacity; byte++) {
                unsigned char value = (unsigned char)content[byte];
                hex->text[hex->length++] = "0123456789abcdef"[value >> 4];
                hex->text[hex->length++] = "0123456789abcdef"[value & 15];
            }
        }
    }
    return 1; // The program comes first; libraries have identities of their own.
}

/// Writes the hexadecimal digest that the linker has made of the program; how many letters, 0 where it has made none.
static inline int bureau_build_id(char *text, int capacity)
{
    struct bureau_hex hex = {text, capacity, 0};
    bureau_each_object(bureau_find_build_id, &hex);
    return hex.length;
}
