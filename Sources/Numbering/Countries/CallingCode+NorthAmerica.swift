extension CallingCode {
  /// The North American Numbering Plan: area codes of three digits, in which mobile and fixed numbers mix.
  static let northAmerica: [CallingCode] = [
    CallingCode(
      "1", "", 10...10, emergency: "911",
      [
        .tollFree("800 833 844 855 866 877 888"),
        // Area code 900, and the exchange 976 of any area code.
        .premium("900 nxx976"),
      ])
  ]
}

extension SharedTerritory {
  /// The countries of the North American Numbering Plan by area code.
  ///
  /// Toll-free, premium and personal numbers (500, 600 …) belong to no single country.
  static let northAmerica: [SharedTerritory] = [
    SharedTerritory("AG", "1268"), SharedTerritory("AI", "1264"), SharedTerritory("AS", "1684"),
    SharedTerritory("BB", "1246"), SharedTerritory("BM", "1441"), SharedTerritory("BS", "1242"),
    SharedTerritory("DM", "1767"), SharedTerritory("DO", "1809 1829 1849"), SharedTerritory("GD", "1473"),
    SharedTerritory("GU", "1671"), SharedTerritory("JM", "1658 1876"), SharedTerritory("KN", "1869"),
    SharedTerritory("KY", "1345"), SharedTerritory("LC", "1758"), SharedTerritory("MP", "1670"),
    SharedTerritory("MS", "1664"), SharedTerritory("PR", "1787 1939"), SharedTerritory("SX", "1721"),
    SharedTerritory("TC", "1649"), SharedTerritory("TT", "1868"), SharedTerritory("VC", "1784"),
    SharedTerritory("VG", "1284"), SharedTerritory("VI", "1340"),
    SharedTerritory(
      "CA",
      """
      1204 1226 1236 1249 1250 1257 1263 1273 1289 1306 1343 1354 1365 1367 1368 1382 1403 1416 1418 1428 1431 1437 \
      1438 1450 1468 1474 1506 1514 1519 1548 1579 1581 1584 1587 1600 1604 1613 1622 1633 1639 1644 1647 1655 1672 1677 1683 1688 1705 1709 1742 \
      1753 1778 1780 1782 1807 1819 1825 1867 1873 1879 1902 1905 1942
      """),
    SharedTerritory("US", unitedStates),
  ]

  private static let unitedStates = """
    1201-1203 1205-1210 1212-1220 1223-1225 1227-1229 1231 1234-1235 1239-1240 1248 1251-1254 1256 1260 1262 1267 \
    1269-1270 1272 1274 1276 1279 1281 1283 1301-1305 1307-1310 1312-1321 1323-1327 1329-1332 1334 1336-1337 1339 \
    1341 1346-1347 1350-1353 1357 1360-1361 1363-1364 1369 1380 1385-1386 1401-1402 1404-1410 1412-1415 1417 1419 \
    1423-1425 1430 1432 1434-1436 1440 1442-1443 1445 1447-1448 1457-1458 1463-1464 1469-1472 1475 1478-1480 \
    1483-1484 1501-1505 1507-1510 1512-1513 1515-1518 1520 1530-1531 1534 1539-1541 1551 1557 1559 1561-1564 1567 \
    1570-1575 1580 1582 1585-1586 1601-1603 1605-1610 1612 1614-1621 1623-1624 1626 1628-1631 1636 1640-1641 \
    1645-1646 1650-1651 1656-1657 1659-1662 1667 1669 1678-1682 1686 1689 1701-1704 1706-1708 1710 1712-1720 \
    1724-1732 1734 1737-1738 1740 1743 1747-1748 1754 1757 1760 1762-1763 1765 1769-1775 1779 1781 1785-1786 \
    1801-1806 1808 1810 1812-1818 1820-1821 1826 1828 1830-1832 1835 1837-1840 1843 1845 1847-1848 1850 1854 \
    1856-1865 1870 1872 1878 1901 1903-1904 1906-1910 1912-1920 1924-1925 1928-1931 1934 1936-1938 1940-1941 1943 \
    1945 1947-1949 1951-1952 1954 1956 1959 1970-1973 1975 1978-1980 1983-1986 1989
    """
}
