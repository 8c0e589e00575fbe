// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/connect/connectfields.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace slotscope {

class CommandBox;
class Theme;
class SentinelBox;
class WayBox;
class TlsBox;

/// Edits a connection as a URI and as fields, each updated from the other. Shows problems next to the field concerned.
class ConnectForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectForm)
public:
    explicit ConnectForm(const Theme &theme, QWidget *parent = nullptr);

    void setTarget(const ConnectionTarget &target);
    [[nodiscard]] const ConnectionTarget &target() const { return m_checked.target; }
    [[nodiscard]] bool isValid() const;
    void focusFirst();
    void focusPassword();
    void focusProblem();
    void setAddressMap(const QHash<QString, Endpoint> &map);

Q_SIGNALS:
    void edited(); ///< changed by the user or by setTarget
    void addressesRequested(); ///< show the node addresses that a session with this target finds

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct MapRow
    {
        QWidget *widget;
        QLineEdit *announced, *reachable;
    };
    QLineEdit *addField(QVBoxLayout *layout, const QString &label, const QString &name, const QString &placeholder,
                        QLabel **problem);
    QWidget *makeUserRow();
    QWidget *makeNameRow();
    void makeEnvironments(QVBoxLayout *layout);
    QWidget *makeAdvanced();
    QLayout *makeRefreshRow();
    void chooseRefresh(int seconds);
    MapRow &addMapRow(const QString &announced, const QString &reachable);
    void removeMapRow(QWidget *widget);
    void setAdvancedShown(bool shown);
    void readUri(const QString &text);
    void readFields();
    bool takeCommandLine();
    void fill(const ConnectFields &fields);
    void check(const ConnectFields &fields);
    [[nodiscard]] ConnectFields fields() const;
    /// Whether a secret entered for these hosts may be used for the target; with no hosts yet, it may.
    [[nodiscard]] static bool isMeantFor(const QStringList &hosts, const ConnectionTarget &target);
    void keepSecretsWithTheirHosts();

    const Theme &m_theme;
    QLineEdit *m_uri, *m_hosts, *m_user = nullptr, *m_password = nullptr, *m_database = nullptr, *m_name = nullptr;
    QLabel *m_uriProblem = nullptr, *m_hostsProblem = nullptr, *m_userProblem = nullptr, *m_databaseProblem = nullptr;
    QLabel *m_mapProblem = nullptr;
    QCheckBox *m_readOnly = nullptr;
    QComboBox *m_environment = nullptr;
    CommandBox *m_command = nullptr;
    TlsBox *m_tls = nullptr;
    WayBox *m_way = nullptr;
    SentinelBox *m_sentinel = nullptr;
    QToolButton *m_advanced = nullptr;
    QWidget *m_map = nullptr;
    QLineEdit *m_renamed = nullptr;
    QComboBox *m_refresh = nullptr;
    QLabel *m_renamedProblem = nullptr;
    QVBoxLayout *m_mapLayout = nullptr;
    QList<MapRow> m_mapRows;
    CheckedFields m_checked;
    QString m_ownPassword; ///< typed into its field, or moved there from the URI
    QStringList m_permittedHosts; ///< from the URI or the connection that was set
    QString m_sentinelPassword; ///< password of the Sentinels; it is never part of the shown URI
    QStringList m_commandHosts; ///< hosts for which the command was written; for other hosts it is removed
    /// hosts for which the Sentinel password was entered; it is not used for others automatically
    QStringList m_sentinelHosts;
    QString m_ownPassphrase; ///< passphrase of the TLS key; it is never part of the URI
    QString m_filledPassword; ///< text that the program put into the password field; any other text was typed
    QStringList m_passwordHosts; ///< hosts for which the password was entered; it is not used for others automatically
    bool m_uriValid = true;
    bool m_filling = false;
    qsizetype m_uriLength = 0, m_hostsLength = 0; ///< length before the last change: a sudden growth is a paste
};

} // namespace slotscope
