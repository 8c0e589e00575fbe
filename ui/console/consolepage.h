// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/consolehistory.h"
#include "ui/console/consoletabview.h"
#include "ui/shared/page.h"

class QStackedWidget;
class QTabBar;

namespace slotscope {

class ConsolePanel;
class SideSplit;

/// Page for sending commands, with tabs that each have a target and connections of their own.
class ConsolePage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsolePage)
public:
    static constexpr int mostTabs = 50;

    explicit ConsolePage(PageContext &context, QWidget *parent = nullptr);
    ~ConsolePage() override;

    void setView(const ClusterViewPtr &view) override;
    void showPlace(const Place &place) override;
    bool closeDetail() override;
    bool closeOwnTab() override; ///< closes the last tab only if it is not empty
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] QString unsaved() const override;
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] bool isFilled() const override;
    [[nodiscard]] QWidget *firstFocus() const override;

    ConsoleTabView *addTab(const ConsoleAim &aim);
    void closeTab(int index);
    [[nodiscard]] ConsoleTabView *currentTab() const;
    [[nodiscard]] QTabBar *tabs() const { return m_tabs; }
    [[nodiscard]] ConsolePanel *panel() const { return m_panel; }
    [[nodiscard]] const ConsoleHistory &history() const { return m_history; }
    /// Runs each line of a file in the current tab.
    void runFile(const QString &path);
    void saveSession(const QString &path);

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QWidget *makeHead();
    [[nodiscard]] QWidget *makeMain();
    void takeDoor();
    void readDocs();
    void loadHistory();
    void keep(const QByteArray &line);
    void walkHistory(ConsoleTabView *tab, int direction);
    void updateTab(ConsoleTabView *tab);
    void updateSubtitle();
    void fillMenu(ConsoleTabView *tab, QMenu *menu);
    void saveCommand(ConsoleTabView *tab, bool everywhere);
    void insertSaved(ConsoleTabView *tab, const SavedCommand &command);
    void listScripts(ConsoleTabView *tab);
    [[nodiscard]] QString libraryPath(bool everywhere) const;
    void togglePanel();
    void tell(const QString &text);

    ConsoleShared m_shared;
    std::unique_ptr<Remote<ConsoleHelp>> m_help;
    ConsoleHistory m_history;
    QString m_historyOf; ///< connection title for which the history was read
    int m_historyAt = -1; ///< how many entries back Up went; -1: none
    SideSplit *m_split;
    ConsolePanel *m_panel;
    ElidedLabel *m_subtitle;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QPushButton *m_panelButton = nullptr;
    QByteArray m_specOf; ///< command whose flags were requested
    quint64 m_serial = 0; ///< identifies the session; results of older ones are dropped
};

} // namespace slotscope
