/// The classes of the scalars of the Basic Multilingual Plane, looked up by value; others are rare and computed.
final class ScalarClassTable: @unchecked Sendable {
    // Unchecked: the memory is written by the initializer only.

    /// The one table, built at first use in some milliseconds.
    static let shared = ScalarClassTable()

    /// 65536 classes, those of surrogates empty.
    let classes: UnsafePointer<ScalarClass>

    private init() {
        let count = 0x10000
        let classes = UnsafeMutablePointer<ScalarClass>.allocate(capacity: count)
        for value in 0..<count {
            let scalar = Unicode.Scalar(UInt32(value))
            (classes + value).initialize(to: scalar.map(ScalarClass.init(of:)) ?? [])
        }
        self.classes = UnsafePointer(classes)
    }

    deinit { classes.deallocate() }
}
