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

/// The part of the connect form about TLS: whether, whom to trust, and what to show to the server.
class TlsBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TlsBox)
public:
    explicit TlsBox(const Theme &theme, QWidget *parent = nullptr);

    /// A fingerprint that cannot be read is left out of it: problem() says so.
    [[nodiscard]] TlsSettings settings() const;
    void setSettings(const TlsSettings &settings); ///< emits nothing
    [[nodiscard]] QString problem() const; ///< why the fields cannot be used; empty: they can

Q_SIGNALS:
    void edited(); ///< by the user

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
    QString m_ciphers; ///< has no field: named in the URI only
    bool m_filling = false;
};

} // namespace slotscope
