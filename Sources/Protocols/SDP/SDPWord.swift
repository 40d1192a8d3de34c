/// The words of session descriptions as numbers, like `SIPWord`; of longer ones the first eight letters.
enum SDPWord: UInt64, CaseIterable {
  case active = 0x6576_6974_6361
  case actpass = 0x73_7361_7074_6361
  case audio = 0x6f_6964_7561
  case bundle = 0x656c_646e_7562
  case bundleOn = 0x6f2d_656c_646e_7562
  case candidat = 0x7461_6469_646e_6163
  case crypto = 0x6f74_7079_7263
  case dtls = 0x736c_7464
  case fingerpr = 0x7270_7265_676e_6966
  case fmtp = 0x7074_6d66
  case group = 0x70_756f_7267
  case holdconn = 0x6e6e_6f63_646c_6f68
  case iceUfrag = 0x6172_6675_2d65_6369
  case image = 0x65_6761_6d69
  case inactive = 0x6576_6974_6361_6e69
  case message = 0x65_6761_7373_656d
  case mid = 0x64_696d
  case passive = 0x65_7669_7373_6170
  case ptime = 0x65_6d69_7470
  case recvonly = 0x796c_6e6f_7663_6572
  case rtcp = 0x7063_7472
  case rtcpMux = 0x7875_6d2d_7063_7472
  case rtpmap = 0x7061_6d70_7472
  case savp = 0x7076_6173
  case savpf = 0x66_7076_6173
  case sendonly = 0x796c_6e6f_646e_6573
  case sendrecv = 0x7663_6572_646e_6573
  case setup = 0x70_7574_6573
  case text = 0x7478_6574
  case tls = 0x73_6c74
  case typ = 0x70_7974
  case udp = 0x70_6475
  case video = 0x6f_6564_6976
}
