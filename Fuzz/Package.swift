// swift-tools-version: 6.2
import PackageDescription

// Fuzz targets, in a package of their own so that they cost nobody's build. See README.md.
let targets = ["Link", "TCPStream", "SIP", "SDP", "RTP", "STUN", "TLS", "HEP", "PcapReader"]

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "ringwatch", path: "..")],
  targets: [.target(name: "Driver")]
    + targets.map { name in
      .executableTarget(
        name: name, dependencies: ["Driver", .product(name: "Decoders", package: "ringwatch")],
        swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
    }
)
