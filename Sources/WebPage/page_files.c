#include "mi_web_page.h"

// One array per file, one line per file in the table below; both in alphabetical order.
static const unsigned char app_js[] = {
#embed "page/app.js"
};
static const unsigned char client_js[] = {
#embed "page/client.js"
};
static const unsigned char format_js[] = {
#embed "page/format.js"
};
static const unsigned char grid_js[] = {
#embed "page/grid.js"
};
static const unsigned char icon_svg[] = {
#embed "page/icon.svg"
};
static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char mask_js[] = {
#embed "page/mask.js"
};
static const unsigned char style_css[] = {
#embed "page/style.css"
};

static const mi_page_file files[] = {
    {"app.js", app_js, sizeof(app_js)},
    {"client.js", client_js, sizeof(client_js)},
    {"format.js", format_js, sizeof(format_js)},
    {"grid.js", grid_js, sizeof(grid_js)},
    {"icon.svg", icon_svg, sizeof(icon_svg)},
    {"index.html", index_html, sizeof(index_html)},
    {"mask.js", mask_js, sizeof(mask_js)},
    {"style.css", style_css, sizeof(style_css)},
};

const mi_page_file *const mi_page_files = files;
const int mi_page_file_count = sizeof(files) / sizeof(files[0]);
