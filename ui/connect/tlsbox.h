// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/tls.h"

#include <QWidget>

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace slotscope {

class Theme;

/// Part of the connect form for TLS: whether it is used, trusted certificates, and the client certificate.
class TlsBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TlsBox)
public:
    explicit TlsBox(const Theme &theme, QWidget *parent = nullptr);

    /// A fingerprint that cannot be parsed is left out, and problem() reports it.
    [[nodiscard]] TlsSettings settings() const;
    void setSettings(const TlsSettings &settings); ///< emits no signal
    [[nodiscard]] QString problem() const; ///< why the fields cannot be used; empty: they can

Q_SIGNALS:
    void edited(); ///< the user changed something

private:
    QLineEdit *addText(QGridLayout *grid, const QString &label, const QString &name, const QString &placeholder);
    QLineEdit *addFile(QGridLayout *grid, const QString &label, const QString &name, const QString &placeholder);
    void choose(QLineEdit *field, const QString &what);
    void update();

    const Theme &m_theme;
    QCheckBox *m_on, *m_needs13 = nullptr, *m_insecure = nullptr;
    QWidget *m_rest;
    QLineEdit *m_ca, *m_name, *m_cert, *m_key, *m_passphrase, *m_crl, *m_pin;
    QLabel *m_note;
    QString m_ciphers; ///< has no field and can only be set in the URI
    bool m_filling = false;
};

} // namespace slotscope
