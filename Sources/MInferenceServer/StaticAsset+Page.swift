import WebPage

extension StaticAsset {
    /// The page at `/`, a client of the API like any other, and the files that it asks for.
    public static let page: [StaticAsset] = (0..<Int(mi_page_file_count)).map { index in
        let file = mi_page_files[index]
        let name = String(cString: file.name)
        return StaticAsset(
            path: name == "index.html" ? "/" : "/page/" + name, contentType: contentType(of: name),
            bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }

    private static func contentType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        default: "image/svg+xml"
        }
    }
}
