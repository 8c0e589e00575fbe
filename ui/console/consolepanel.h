// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/commandtable.h"
#include "core/console/commanddocs.h"
#include "core/console/consolehistory.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QTreeWidget;

namespace slotscope {

class ElidedLabel;
class FactsList;
class Theme;

/// Panel beside the console: the server's documentation of the command being typed, and the history.
class ConsolePanel final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsolePanel)
public:
    explicit ConsolePanel(const Theme &theme, QWidget *parent = nullptr);

    void setCommand(const CommandDoc *doc, const ArgumentPlace &place); ///< null: the command is not known
    void setSpec(const CommandSpec *spec);
    void setHistory(const ConsoleHistory &history, const QString &title);
    void searchHistory(); ///< Ctrl+R
    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] QTreeWidget *historyList() const { return m_list; }
    [[nodiscard]] QString syntaxShown() const; ///< empty: no command
    [[nodiscard]] QString commandShown() const;

Q_SIGNALS:
    void lineChosen(const QString &line); ///< insert into the editor
    void closeRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectParts();
    void fillHistory();

    const Theme &m_theme;
    QLabel *m_title, *m_summary, *m_syntaxTitle, *m_syntax, *m_argumentsTitle, *m_historyTitle;
    FactsList *m_facts;
    QList<ElidedLabel *> m_arguments;
    QLineEdit *m_search;
    QTreeWidget *m_list;
    const ConsoleHistory *m_history = nullptr;
    const CommandDoc *m_doc = nullptr;
    CommandSpec m_spec;
};

} // namespace slotscope
