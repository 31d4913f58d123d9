#ifndef MI_WEB_PAGE_H
#define MI_WEB_PAGE_H

/// A file of the page that travels inside the binary.
typedef struct {
    /// Its name, e.g. `app.js`.
    const char *name;
    /// Its bytes.
    const unsigned char *bytes;
    /// How many there are.
    long count;
} mi_page_file;

/// Every file of the page, in alphabetical order.
extern const mi_page_file *const mi_page_files;
/// The number of files.
extern const int mi_page_file_count;

#endif
