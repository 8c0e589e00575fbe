// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/sealedfile.h"

#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto formatName = "slotscope-sealed-connections"_L1;
constexpr int sealVersion = 1;
constexpr int saltBytes = 16, nonceBytes = 12, tagBytes = 16, keyBytes = 32;
constexpr quint64 mostMemory = 256ull << 20;
constexpr int leastN = 1 << 14, mostN = 1 << 20, mostR = 32, mostP = 4;

tl::unexpected<Error> damaged()
{
    return failure(Error::Code::Parse, tr("the file is damaged, or was changed"));
}

const unsigned char *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

unsigned char *bytesOf(QByteArray &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

/// Result of scrypt: one half is the key, and a hash of the other shows whether the passphrase is wrong or the file is
/// damaged.
struct Keys
{
    QByteArray key, check;
    Keys() = default;
    Keys(Keys &&) = default;
    Keys &operator=(Keys &&) = default;
    Q_DISABLE_COPY(Keys)
    ~Keys() { OPENSSL_cleanse(key.data(), size_t(key.size())); }
};

Result<Keys> keysOf(const QString &passphrase, const QByteArray &salt, SealCost cost)
{
    const quint64 memory = 128ull * quint64(cost.n) * quint64(cost.r);
    if (memory > mostMemory)
        return failure(Error::Code::LimitExceeded, tr("decrypting the file would need more memory than allowed"));
    QByteArray words = passphrase.normalized(QString::NormalizationForm_C).toUtf8();
    QByteArray both(2 * keyBytes, '\0');
    const bool made =
        EVP_PBE_scrypt(words.constData(), size_t(words.size()), bytesOf(salt), size_t(salt.size()), quint64(cost.n),
                       quint64(cost.r), quint64(cost.p), mostMemory + (32u << 20), bytesOf(both), size_t(both.size()))
        == 1;
    OPENSSL_cleanse(words.data(), size_t(words.size()));
    if (!made)
        return failure(Error::Code::LimitExceeded,
                       tr("no key could be derived from the passphrase (too little memory?)"));
    Keys keys;
    keys.key = both.left(keyBytes);
    keys.check = QCryptographicHash::hash(both.mid(keyBytes), QCryptographicHash::Sha256);
    OPENSSL_cleanse(both.data(), size_t(both.size()));
    return keys;
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

QJsonObject headerOf(const QByteArray &salt, const QByteArray &nonce, const QByteArray &check, SealCost cost)
{
    return {{u"format"_s, formatName},
            {u"version"_s, sealVersion},
            {u"kdf"_s, u"scrypt"_s},
            {u"n"_s, cost.n},
            {u"r"_s, cost.r},
            {u"p"_s, cost.p},
            {u"cipher"_s, u"AES-256-GCM"_s},
            {u"salt"_s, QString::fromLatin1(salt.toBase64())},
            {u"nonce"_s, QString::fromLatin1(nonce.toBase64())},
            {u"check"_s, QString::fromLatin1(check.toBase64())}};
}

/// The header in the form that is authenticated with the data: keys sorted, without blanks.
QByteArray protectedText(const QJsonObject &header)
{
    return QJsonDocument(header).toJson(QJsonDocument::Compact);
}

QByteArray bytesAt(const QJsonObject &object, const QString &key)
{
    const auto decoded = QByteArray::fromBase64Encoding(object.value(key).toString().toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? *decoded : QByteArray();
}

} // namespace

Result<QByteArray> sealed(const QByteArray &plain, const QString &passphrase, SealCost cost)
{
    QByteArray salt(saltBytes, '\0'), nonce(nonceBytes, '\0'), tag(tagBytes, '\0');
    if (RAND_bytes(bytesOf(salt), saltBytes) != 1 || RAND_bytes(bytesOf(nonce), nonceBytes) != 1)
        return failure(Error::Code::Io, tr("the system provides no random numbers"));
    const auto keys = keysOf(passphrase, salt, cost);
    if (!keys)
        return tl::make_unexpected(keys.error());
    QJsonObject header = headerOf(salt, nonce, keys->check, cost);
    const QByteArray also = protectedText(header);
    QByteArray data(plain.size(), '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int count = 0;
    const bool done = cipher
        && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(keys->key), bytesOf(nonce)) == 1
        && EVP_EncryptUpdate(cipher.get(), nullptr, &count, bytesOf(also), int(also.size())) == 1
        && EVP_EncryptUpdate(cipher.get(), bytesOf(data), &count, bytesOf(plain), int(plain.size())) == 1
        && EVP_EncryptFinal_ex(cipher.get(), bytesOf(tag), &count) == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagBytes, tag.data()) == 1;
    if (!done)
        return failure(Error::Code::Io, tr("the content could not be encrypted"));
    header.insert(u"data"_s, QString::fromLatin1((data + tag).toBase64()));
    return QJsonDocument(header).toJson();
}

bool isSealed(const QByteArray &bytes)
{
    return QJsonDocument::fromJson(bytes).object().value(u"format"_s).toString() == formatName;
}

Result<QByteArray> unsealed(const QByteArray &bytes, const QString &passphrase)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    if (object.value(u"format"_s).toString() != formatName)
        return failure(Error::Code::Parse, tr("this is not a file that Slotscope has encrypted, or it is damaged"));
    if (object.value(u"version"_s).toInt() != sealVersion)
        return failure(Error::Code::Parse, tr("the file has a version that this version of Slotscope does not know"));
    const SealCost cost{
        .n = object.value(u"n"_s).toInt(), .r = object.value(u"r"_s).toInt(), .p = object.value(u"p"_s).toInt()};
    const bool isHonest = cost.n >= leastN && cost.n <= mostN && (cost.n & (cost.n - 1)) == 0 && cost.r >= 1
        && cost.r <= mostR && cost.p >= 1 && cost.p <= mostP;
    if (!isHonest)
        return failure(Error::Code::LimitExceeded, tr("the scrypt parameters of the file are outside the limits"));
    const QByteArray salt = bytesAt(object, u"salt"_s), nonce = bytesAt(object, u"nonce"_s),
                     check = bytesAt(object, u"check"_s), data = bytesAt(object, u"data"_s);
    if (salt.size() != saltBytes || nonce.size() != nonceBytes || check.size() != keyBytes || data.size() < tagBytes)
        return damaged();
    const auto keys = keysOf(passphrase, salt, cost);
    if (!keys)
        return tl::make_unexpected(keys.error());
    if (CRYPTO_memcmp(check.constData(), keys->check.constData(), size_t(check.size())) != 0)
        return failure(Error::Code::InvalidArgument,
                       tr("the passphrase is wrong, or the header of the file is damaged"));
    const QByteArray also = protectedText(headerOf(salt, nonce, check, cost));
    QByteArray plain(data.size() - tagBytes, '\0'), tag = data.right(tagBytes), rest(tagBytes, '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int count = 0;
    const bool done = cipher
        && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(keys->key), bytesOf(nonce)) == 1
        && EVP_DecryptUpdate(cipher.get(), nullptr, &count, bytesOf(also), int(also.size())) == 1
        && EVP_DecryptUpdate(cipher.get(), bytesOf(plain), &count, bytesOf(data), int(plain.size())) == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagBytes, tag.data()) == 1
        && EVP_DecryptFinal_ex(cipher.get(), bytesOf(rest), &count) == 1;
    if (!done)
        return damaged();
    return plain;
}

} // namespace slotscope
