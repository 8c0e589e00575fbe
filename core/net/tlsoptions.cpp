// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/tlsoptions.h"

#include "core/base/tr.h"

#include <QHash>
#include <QUrl>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> unusable(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

} // namespace

std::optional<QByteArray> readFingerprint(const QString &text)
{
    QString hex = text.trimmed().toLower();
    if (hex.startsWith(u"sha256:"_s))
        hex.remove(0, 7);
    hex.remove(u':');
    const QByteArray bytes = QByteArray::fromHex(hex.toLatin1());
    if (hex.size() != 64 || QString::fromLatin1(bytes.toHex()) != hex)
        return std::nullopt;
    return bytes;
}

Result<bool> readTlsOption(const QString &key, const QString &value, TlsSettings &tls)
{
    const QHash<QString, QString *> texts{{u"cacert"_s, &tls.caFile}, {u"cert"_s, &tls.certFile},
                                          {u"key"_s, &tls.keyFile},   {u"sni"_s, &tls.serverName},
                                          {u"crl"_s, &tls.crlFile},   {u"ciphers"_s, &tls.ciphers}};
    if (QString *text = texts.value(key)) {
        *text = value;
    } else if (key == u"pin") {
        const auto pin = readFingerprint(value);
        if (!pin)
            return unusable(tr("pin=%1: the SHA-256 of a certificate is expected, 64 hexadecimal digits").arg(value));
        tls.pin = *pin;
    } else if (key == u"insecure") {
        if (value != u"0" && value != u"1")
            return unusable(tr("insecure=%1: only 1 and 0 are allowed").arg(value));
        tls.insecure = value == u"1";
    } else if (key == u"tlsmin") {
        if (value != u"1.2" && value != u"1.3")
            return unusable(tr("tlsmin=%1: only 1.2 and 1.3 are allowed").arg(value));
        tls.needs13 = value == u"1.3";
    } else {
        return false;
    }
    if (!tls.on)
        return unusable(tr("%1= is an option for TLS: begin the URI with rediss:// to use it").arg(key));
    return true;
}

QStringList tlsOptions(const TlsSettings &tls)
{
    QStringList options;
    for (const auto &[key, value] : {std::pair{"cacert"_L1, tls.caFile},
                                     {"cert"_L1, tls.certFile},
                                     {"key"_L1, tls.keyFile},
                                     {"sni"_L1, tls.serverName},
                                     {"crl"_L1, tls.crlFile},
                                     {"ciphers"_L1, tls.ciphers},
                                     {"pin"_L1, QString::fromLatin1(tls.pin.toHex())},
                                     {"tlsmin"_L1, tls.needs13 ? u"1.3"_s : QString()},
                                     {"insecure"_L1, tls.insecure ? u"1"_s : QString()}})
        if (!value.isEmpty())
            options << key + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value));
    return options;
}

} // namespace slotscope
