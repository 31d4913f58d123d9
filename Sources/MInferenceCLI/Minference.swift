@main struct Minference { static func main() {} }
