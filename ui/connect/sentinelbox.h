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

/// Part of the connect form for Sentinels: whether the addresses are those of Sentinels, the name of the primary, and
/// the Sentinels' credentials.
class SentinelBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentinelBox)
public:
    explicit SentinelBox(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] bool isChosen() const;
    [[nodiscard]] SentinelSettings settings() const; ///< off if the box is unchecked or the name is missing
    void setSettings(const SentinelSettings &settings); ///< emits no signal
    void setPassword(const QString &password); ///< emits no signal
    void setProblem(const QString &problem); ///< shown below the fields; empty: none
    void focusName();

Q_SIGNALS:
    void edited(); ///< the user changed something

private:
    void update();

    QCheckBox *m_on;
    QWidget *m_rest;
    QLineEdit *m_name, *m_user, *m_password;
    QComboBox *m_tls;
    QLabel *m_note;
    std::optional<TlsSettings> m_ownTls; ///< TLS settings from the URI; most of them have no field here
    bool m_filling = false;
};

} // namespace slotscope
