// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/sentinel.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace slotscope {

class Theme;

/// The part of the connect form about Sentinels: whether the addresses are theirs, which primary they are asked for,
/// and how they let us in.
class SentinelBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentinelBox)
public:
    explicit SentinelBox(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] bool isChosen() const;
    [[nodiscard]] SentinelSettings settings() const; ///< off where it is not chosen, or the name is missing
    void setSettings(const SentinelSettings &settings); ///< emits nothing
    void setPassword(const QString &password); ///< emits nothing
    void setProblem(const QString &problem); ///< shown below the fields; empty: none
    void focusName();

Q_SIGNALS:
    void edited(); ///< by the user

private:
    void update();

    QCheckBox *m_on;
    QWidget *m_rest;
    QLineEdit *m_name, *m_user, *m_password;
    QComboBox *m_tls;
    QLabel *m_note;
    std::optional<TlsSettings> m_ownTls; ///< of the URI: further fields of it have no place here
    bool m_filling = false;
};

} // namespace slotscope
